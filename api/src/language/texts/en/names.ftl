# What the values of the API's closed lists are called. Each value of each list of the schema is here.

ActivityKind =
    .CLUB_EVENT = Club event
    .OPEN_DAY = Site open day
    .LECTURE = Decoration lecture

ActivityStatus =
    .DRAFT = Draft
    .PUBLISHED = Published
    .CLOSED = Closed
    .CANCELLED = Cancelled

AppointmentKind =
    .SIGNING = Signing
    .CONSULTATION = Consultation

AppointmentStatus =
    .BOOKED = Booked
    .CHECKED_IN = Checked in
    .IN_SERVICE = In service
    .DONE = Done
    .CANCELLED = Cancelled
    .NO_SHOW = No-show

AreaTransferStatus =
    .PLANNED = Planned
    .APPLIED = Carried out
    .CANCELLED = Cancelled
    .FAILED = Failed

ArticleAudience =
    .STAFF = Staff only
    .EVERYONE = Everyone

ArticleStatus =
    .DRAFT = Draft
    .PUBLISHED = Published
    .RETIRED = Retired

BatchKind =
    .CENTRALISED = Centralised rectification
    .WARRANTY = Warranty rectification

BatchStatus =
    .COLLECTING = Collecting
    .SENT = Sent
    .COMPLETED = Completed

BulletinKind =
    .GENERAL = General
    .FEES = Fees
    .OUTAGE = Outage
    .WORKS = Works
    .MILESTONE = Construction progress
    .WARRANTY = Warranty expiry
    .EMERGENCY = Emergency

CertificateFault =
    .WRONG_NAME = Certificate of another name
    .EXPIRED = Certificate expired
    .NOT_YET_VALID = Certificate not valid yet
    .UNKNOWN_AUTHORITY = Certificate of an unknown authority
    .OTHER = Certificate not valid

Channel =
    .PHONE = Phone
    .WECHAT = WeChat
    .APP = App
    .SMS = Text message
    .EMAIL = Email
    .WALK_IN = Service desk
    .WEBSITE = Website
    .BUTLER = Butler

ContractStatus =
    .DRAFT = Draft
    .SIGNED = Signed
    .HANDED_OVER = Handed over
    .TERMINATED = Terminated

DeliveryFailure =
    .UNAVAILABLE = Unavailable
    .REFUSED = Refused

DeliveryStatus =
    .WAITING = Waiting
    .SENT = Sent
    .DROPPED = Dropped
    .DEAD = Given up

Department =
    .SALES = Sales
    .CUSTOMER_SERVICE = Customer service
    .PROJECT_MANAGEMENT = Project management
    .COST = Cost control
    .FINANCE = Finance
    .LEGAL = Legal affairs
    .PROPERTY_COMPANY = Property company
    .GROUP_MARKETING = Group marketing centre
    .GROUP_PROPERTY = Group property management

DevicePlatform =
    .IOS = iOS
    .ANDROID = Android
    .HARMONY = HarmonyOS
    .WEB = Browser

Direction =
    .INBOUND = Inbound
    .OUTBOUND = Outbound

DisclosureKind =
    .COMPANY_QUALIFICATION = Company qualification
    .LAND_USE_PERMIT = Land use permit
    .LAND_PLANNING_PERMIT = Land planning permit
    .CONSTRUCTION_PLANNING_PERMIT = Construction planning permit
    .CONSTRUCTION_PERMIT = Construction permit
    .PRESALE_PERMIT = Presale permit
    .DUTY_SALES_STAFF = Sales staff on duty
    .UNIT_PRICES = Homes and prices
    .CONTRACT_SAMPLE = Contract sample
    .RISK_NOTICE = Risk notice
    .COMPLAINT_CHANNEL = Complaint channel
    .SHOW_HOME_DEVIATION = Show home deviation

DocumentKind =
    .IDENTITY_DOCUMENT = Identity document
    .SUBSCRIPTION_AGREEMENT = Subscription agreement
    .PURCHASE_CONTRACT = Purchase contract
    .PAYMENT_RECEIPT = Payment receipt
    .HANDOVER_FORM = Handover form
    .MEASURED_AREA_REPORT = Measured-area report
    .PROPERTY_SERVICE_AGREEMENT = Property service agreement
    .RENOVATION_PERMIT = Renovation permit
    .RENOVATION_ACCEPTANCE = Renovation acceptance

FigureComparison =
    .AT_LEAST = At least
    .EXACTLY = Exactly

FigureItemKind =
    .TICKET = Ticket
    .OWNER = Customer
    .REQUIRED_DOCUMENT = Required document
    .STAFF = Member of staff
    .HOME = Household
    .SURVEY_ANSWER = Survey answer
    .INCIDENT = Incident
    .INSPECTION = Round of inspection

FigureKey =
    .SATISFACTION_INDEX = Satisfaction index
    .SAFETY_INCIDENTS = Serious safety incidents
    .FIRE_INCIDENTS = Serious fires
    .EQUIPMENT_INCIDENTS = Serious equipment incidents
    .TRAINING_RATE = Training rate
    .FILING_RATE = Filing rate
    .FILE_COMPLETENESS = File completeness
    .REPAIR_TIMELINESS = Repair timeliness
    .REPAIR_QUALITY = Repair quality
    .FOLLOW_UP_RATE = Follow-up rate
    .COMPLAINT_HANDLING = Complaint handling
    .COMPLAINT_REPLY_24H = Complaints answered within 24 hours
    .COMPLAINT_SIGNOFF = Complaint sign-off
    .EQUIPMENT_SOUND = Equipment in order
    .BUILDING_SOUND = Buildings in order
    .GREENERY_ALIVE = Greenery alive
    .ROADS_SOUND = Roads and parking in order
    .CLEANING_COVERAGE = Cleaning coverage
    .GUARD_COVERAGE = Guard coverage
    .URGENT_REACTION = Reaction to emergencies
    .MILESTONE_COVERAGE = Milestone coverage
    .WARRANTY_NOTICE_COVERAGE = Warranty notice coverage
    .AMBASSADOR_COVERAGE = Ambassador coverage

FigureUnit =
    .PERCENT = Percent
    .COUNT = Count

HandoverStatus =
    .BOOKED = Booked
    .IN_PROGRESS = In progress
    .COMPLETED = Completed
    .CANCELLED = Cancelled

HandoverStepKind =
    .FLOW_SHOWN = Flow shown
    .COMPLETION_DOCUMENTS_SHOWN = Completion documents shown
    .MEASURED_AREA_REPORT_SHOWN = Measured-area report shown
    .HOME_INSPECTED = Home inspected
    .METERS_READ = Meters read
    .KEYS_HANDED_OVER = Keys handed over
    .WARRANTY_PAPERS_HANDED_OVER = Warranty papers handed over
    .SIGNED_BY_OWNER = Signed by the owner

IncidentKind =
    .SAFETY = Safety
    .FIRE = Fire
    .EQUIPMENT = Equipment

IncidentSeverity =
    .MINOR = Minor
    .MAJOR = Major
    .SERIOUS = Serious

InspectionSubject =
    .EQUIPMENT = Equipment
    .BUILDING = Buildings
    .GREENERY = Greenery
    .CLEANING = Cleaning
    .ROADS_AND_PARKING = Roads and parking
    .SECURITY_POST = Security posts

JourneyStatus =
    .OVERDUE = Overdue
    .DUE = Due
    .UPCOMING = Upcoming
    .DONE = Done
    .NOT_APPLICABLE = Not applicable

Language =
    .ZH = Simplified Chinese
    .EN = English

LectureStatus =
    .DRAFT = Draft
    .PUBLISHED = Published
    .CLOSED = Closed
    .CANCELLED = Cancelled

MilestoneKind =
    .SAMPLE_AREA_OPEN = Sample area open
    .STRUCTURE_TOPPED_OUT = Structure topped out
    .EXTERIOR_FINISHED = Exterior finished
    .INTERIOR_AND_MEP_FINISHED = Interior and MEP finished
    .MUNICIPAL_WORKS_FINISHED = Municipal works finished
    .LANDSCAPE_FINISHED = Landscape finished
    .COMPLETION_ACCEPTED = Completion accepted
    .PROPERTY_TAKEOVER_ACCEPTED = Property takeover accepted
    .UTILITIES_CONNECTED = Utilities connected
    .HANDOVER_SAMPLE_OPEN = Handover sample area open

NotificationChannel =
    .EMAIL = Email
    .SMS = Text message
    .WECHAT = WeChat
    .PUSH = Push

NotificationKind =
    .TICKET_REPORTED = New report
    .TICKET_ACCEPTED = Report accepted
    .TICKET_ASSIGNED = Ticket assigned
    .TICKET_DISPATCHED = Somebody is sent
    .TICKET_STARTED = Work begun
    .TICKET_ON_HOLD = On hold
    .TICKET_RESOLVED = Result to confirm
    .TICKET_CONFIRMED = Result confirmed
    .TICKET_REJECTED = Result rejected
    .TICKET_CLOSED = Report closed
    .TICKET_ESCALATED = Ticket escalated
    .TICKET_CANCELLED = Ticket cancelled
    .TICKET_REOPENED = Ticket reopened
    .TICKET_RESCHEDULED = Appointment moved
    .TICKET_RETURNED = Back in the queue
    .TICKET_OVERDUE = Ticket overdue
    .BULLETIN_PUBLISHED = Bulletin
    .MILESTONE_REACHED = Construction progress
    .WARRANTY_ENDING = Warranty ending
    .SURVEY_INVITED = Survey
    .HANDOVER_BOOKED = Handover booked
    .HANDOVER_RESCHEDULED = Handover moved
    .HANDOVER_CANCELLED = Handover cancelled

OwnerStage =
    .PROSPECT = Potential customer
    .SIGNED = Signed
    .HANDED_OVER = Handed over
    .RENOVATING = Renovating
    .RESIDENT = Resident
    .FORMER = Former owner

PrincipalKind =
    .OWNER = Customer
    .STAFF = Member of staff
    .PARTNER = Partner
    .SYSTEM = System

PublicHolidays =
    .CHINA = Mainland China

PublicationKind =
    .SALES_TALK = Sales talk
    .BROCHURE = Brochure
    .FLOOR_PLAN = Floor plan
    .ADVERTISEMENT = Advertisement

PublicationStatus =
    .DRAFT = Draft
    .PUBLISHED = Published
    .WITHDRAWN = Withdrawn

PushService =
    .WEB_PUSH = Web Push
    .FCM = Firebase Cloud Messaging
    .APNS = Apple Push Notification service
    .HMS = Huawei Push Kit

RegistrationStatus =
    .REGISTERED = Registered
    .WAITLISTED = On the wait list
    .CANCELLED = Cancelled

ReviewVerdict =
    .APPROVED = Approved
    .REJECTED = Rejected

Role =
    .AMBASSADOR = Customer ambassador
    .TECHNICIAN = Technician
    .SERVICE_AGENT = Service agent
    .SALES_AGENT = Sales agent
    .MANAGER = Manager
    .GROUP_SUPERVISOR = Group supervisor
    .AUDITOR = Auditor
    .ADMIN = Administrator

RootCause =
    .DESIGN = Design
    .WORKMANSHIP = Workmanship
    .MATERIAL = Material
    .SLOW_RESPONSE = Slow response
    .ATTITUDE = Attitude
    .MISINFORMATION = Misinformation
    .FEES = Fees
    .ENVIRONMENT = Environment
    .SECURITY = Security
    .NEIGHBOURS = Neighbours
    .OTHER = Other

SurveyDimension =
    .CONTENT = Content
    .QUALITY = Quality
    .ATTITUDE = Attitude
    .TIMELINESS = Timeliness
    .ENVIRONMENT = Environment

SurveyGrouping =
    .PROJECT = By project
    .DEPARTMENT = By department
    .AMBASSADOR = By ambassador
    .MONTH = By month

SurveyInvitationStatus =
    .OPEN = Open
    .SUBMITTED = Handed in
    .EXPIRED = Expired

SurveyKind =
    .SALES = Sales satisfaction
    .HANDOVER = Handover satisfaction
    .CENTRALISED_RECTIFICATION = Centralised rectification satisfaction
    .RECTIFICATION = Rectification satisfaction
    .PROPERTY_SERVICE = Property service satisfaction

SurveyQuestionKind =
    .RATING = Rating
    .NPS = Willingness to recommend
    .SINGLE_CHOICE = Single choice
    .MULTIPLE_CHOICE = Multiple choice
    .TEXT = Text

SurveyTemplateStatus =
    .DRAFT = Draft
    .ACTIVE = In use
    .RETIRED = Retired

TaskStatus =
    .OPEN = To be done
    .DONE = Done

TicketAction =
    .CREATE = Report
    .ACCEPT = Accept
    .ASSIGN = Assign
    .START = Start
    .HOLD = Hold
    .RESUME = Resume
    .RESOLVE = Resolve
    .CONFIRM = Confirm
    .REJECT = Reject
    .RECORD_FOLLOW_UP = Record follow-up
    .ESCALATE = Escalate
    .CANCEL = Cancel
    .REOPEN = Reopen
    .TRIAGE = Triage
    .RESCHEDULE = Reschedule
    .RETURN_TO_QUEUE = Return to queue
    .COLLECT = Collect
    .RESPOND_BREACHED = Response overdue
    .ARRIVE_BREACHED = Arrival overdue
    .RESOLVE_BREACHED = Resolution overdue

TicketActionStatus =
    .APPLIED = Carried out
    .CONFLICT = Changed by somebody else
    .REFUSED = Refused
    .SKIPPED = Not tried
    .RETRY = Send again

TicketCategory =
    .PLUMBING = Plumbing
    .ELECTRICAL = Electricity
    .WATERPROOFING = Waterproofing
    .DOORS_AND_WINDOWS = Doors and windows
    .HEATING_AND_COOLING = Heating and cooling
    .STRUCTURE = Structure
    .FITTINGS = Fittings
    .ELEVATOR = Lift
    .PUBLIC_AREA = Public area
    .CLEANING = Cleaning
    .GREENERY = Greenery
    .SECURITY = Security
    .PARKING = Parking
    .NOISE = Noise
    .FEES = Fees
    .SERVICE_ATTITUDE = Manner of staff
    .OTHER = Other

TicketKind =
    .REPAIR = Repair
    .COMPLAINT = Complaint
    .INQUIRY = Inquiry
    .SUGGESTION = Suggestion
    .RECTIFICATION = Rectification

TicketOrder =
    .CREATED_AT_DESC = Newest first
    .CREATED_AT_ASC = Oldest first
    .DEADLINE_ASC = Earliest deadline first

TicketStatus =
    .SUBMITTED = Submitted
    .ACCEPTED = Accepted
    .ASSIGNED = Assigned
    .IN_PROGRESS = In progress
    .ON_HOLD = On hold
    .RESOLVED = Resolved
    .CONFIRMED = Confirmed
    .CLOSED = Closed
    .CANCELLED = Cancelled

TouchpointAnchor =
    .FIRST_CONTACT = First contact
    .SIGNED = Day of signing
    .HANDOVER_DUE = Promised day of handover
    .HANDED_OVER = Day of handover
    .WARRANTY_EXPIRY = Day of warranty notice

Triage =
    .VALID = Valid
    .INVALID = Invalid

Urgency =
    .URGENT = Urgent
    .NORMAL = Normal
    .APPOINTMENT = By appointment

UserErrorCode =
    .REQUIRED = Required
    .TOO_LONG = Too long
    .OUT_OF_RANGE = Out of range
    .IN_THE_PAST = In the past
    .INVALID = Invalid
    .NOT_FOUND = Not found
    .CONFLICT = Conflict
    .ILLEGAL_TRANSITION = Not possible now
    .TOO_EARLY = Too early
    .TOO_LATE = Too late
    .THROTTLED = Too many tries
    .WRONG_CREDENTIALS = Wrong credentials
    .EXPIRED = Expired
    .KEY_REUSED = Key reused
    .NOT_AVAILABLE = Not available
    .INCOMPLETE = Incomplete
    .SKIPPED = Not tried
    .FORBIDDEN = Not allowed
    .BUSY = Busy
    .INTERNAL = Fault of the system

WarrantyPart =
    .WATERPROOFING = Waterproofing
    .HEATING_AND_COOLING = Heating and cooling
    .WIRING = Wiring
    .PLUMBING = Plumbing
    .FITTINGS = Fittings
    .STRUCTURE = Structure

WarrantyTermScope =
    .COMPANY = Whole company
    .PROJECT = Project
    .CONTRACT = Contract

WebhookDeliveryStatus =
    .WAITING = Waiting
    .DELIVERED = Delivered
    .DEAD = Given up

WebhookDisabledReason =
    .GONE = Gone
    .FAILING = Failing

WebhookEventKind =
    .TICKET_EVENT = Ticket event
    .SURVEY_SUBMITTED = Survey handed in
    .HANDOVER_COMPLETED = Home handed over

WebhookFailure =
    .ANSWERED = Refused
    .UNREACHABLE = Unreachable
    .TOO_SLOW = Too slow
    .ADDRESS_REFUSED = Address not allowed

WebhookStatus =
    .ACTIVE = Active
    .PAUSED = Paused
    .DISABLED = Given up

Weekday =
    .MONDAY = Monday
    .TUESDAY = Tuesday
    .WEDNESDAY = Wednesday
    .THURSDAY = Thursday
    .FRIDAY = Friday
    .SATURDAY = Saturday
    .SUNDAY = Sunday
