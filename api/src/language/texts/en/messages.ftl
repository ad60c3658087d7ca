# What is said to people about what they asked for; domain/message/list.rs lists the same.

# Of every noun.

SignInFirst = Sign in first.
Unknown = There is nothing with this id, or it is not yours to see.
ChangedMeanwhile = Somebody else changed this in the meantime. Load it again and decide anew.
Busy = The service is busy. Try again in a moment.
TookTooLong = The operation took too long and was stopped. Try again in a moment.
WentWrong = Something went wrong on our side.
WentWrongReport = Something went wrong on our side. Give the request id when you report it.
TooMuchAskedFor = Too much was asked for in a short time. Try again in { $seconds } seconds.
SignInToUse = Sign in to use "{ $field }".
NotForYou = "{ $field }" is not for you.
ArgumentsDoNotFit = The arguments do not fit.
TokenNotValid = The access token is not valid, or not any more. Refresh it or sign in again.
TokenMissing = The access token is missing, or not valid any more.
TokenMalformed = Authorization must be "Bearer" and an access token.
SessionHasEnded = The session has ended: sign in again and resume from the last cursor.
NoPagesOfThisOrigin = Pages of this origin may not open sockets.
NoSuchAddress = There is nothing at this address.
AnotherMethod = Use { $method } here.
TooManyStreams = At most { $most } operations run at once on a connection.
AboutField = { $field } { $what }.
FirstOrLast = Give either first or last, not both.
PageSize = A page has 1 to { $most } entries.
CursorOfAnotherList = This cursor does not belong to this list. Start again without it.
CursorBeyondEnd = This cursor lies beyond the end of the stream. Load everything anew and subscribe without it.
AtMostValues = Give at most { $most } values.
AtMostIds = Ask for at most { $most } at a time.
IdOfAnotherKind = This is the id of a { $given }; the field takes the id of a { $wanted }.
PeriodOfTwoYears = A period ends after it starts, within two years.
PeriodOfAYear = A period ends after it starts, within a year.
DayTooFarAway = This day is too far away.
MonthFormat = A month is written YYYY-MM.
InstantRange = An instant lies in the years 0001 to 9999.
KeyLength = A key has 1 to { $most } characters; a random UUID does well.
KeyControl = A key holds no control characters.
KeyReused = This key was used for another call. Make a new one for each thing to be done.
ActionCount = A call carries out 1 to { $most } actions: send the rest in a second call.
KeyInQueue = In a queue every action has a key, so that the queue can be sent again.
VersionOrAction = Say either which version was seen, or which action it follows.
NoSuchActionBefore = No action of yours with this key has changed this ticket.
ActionBeforeNotDone = An action before it on the same ticket was not carried out. Decide anew.
SendAgainWithSameKey = This can't be done at the moment. Send it again with the same key.
RefusedBefore = This was refused before. Load it again and decide anew.
StepNotYours = This step is not yours to take.

# Signing in.

TooManyTries = Too many tries. Try again in { $minutes } minutes.
WrongCode = The code is wrong or has expired. Ask for a new one.
WrongPassword = Login or password is wrong.
NotAMainlandNumber = This is not a mainland mobile number of 11 digits.
NotAMobileNumber = This is not a mobile number.
SessionOver = This session is over. Sign in again.

# People of the company.

NotOfTheProject = This member of staff does not work for the project.
NotOfThisProject = This member of staff does not work for this project.
NotOfTheTicketsProject = This member of staff does not work for the ticket's project.
NotOfTheBuildingsProject = This member of staff does not work for the building's project.
NotOfAllProjects = This member of staff does not work for all projects of the one who is away.
TakesNoTickets = This member of staff does not take tickets.
NotTrained = This member of staff has no valid training.
StaffIsAway = This member of staff is away.
StaffIsAwayThen = This member of staff is away at that time.
ServesNotHere = This member of staff does not serve the household.
SameRole = Choose another, active member of staff of the same role.
AbsenceSpan = An absence ends after it starts, in the future, and within a year.
AbsenceOver = This absence is over.
TrainingFromItsDay = A training is valid from the day it was passed.
NotOneself = Nobody disables their own account.
ShiftBeginsThen = They have a shift that begins at this moment.
ShiftHasBegun = This shift has begun. Write down an absence instead.
LookAhead = Look at most { $days } days ahead.

# Running the company.

PartnerNameTaken = There is a partner of this name already.
ProjectCodeTaken = There is a project with this code already.
ProjectNameTaken = There is a project of this name already.
MonthsAreClosed = Months of this project are closed already: their days were counted by its present time zone.
StaffNumberTaken = Somebody else has this number.
LoginTaken = Somebody else signs in by this name.
LastAdministrator = There must always be an administrator: make somebody else one first.
NotOnesOwnRole = Nobody changes their own role: ask another administrator.
NotOnesOwnPassword = Nobody resets their own password: change it with the present one.
PasswordLength = A password has { $least } to { $most } characters.
PasswordMonotonous = A password is not the same character over and over.
NotThePresentPassword = This is not your present password.
OnlyStaffHavePasswords = Only staff have passwords.

# Households.

ActiveStaffOfProperty = Choose active staff of the property company or of customer service.
OnlyAmbassadors = Only ambassadors answer for households.
NameHouseholds = Name 1 to { $most } households.
AmbassadorOfTheseHouseholds = Choose an active ambassador who works for the project of these households.
NamedAtTheSameMoment = Somebody else named another at the same moment. Try again.
AnotherAmbassadorOfThisProject = Choose another, active ambassador who works for this project.
AmbassadorIsAway = This ambassador is away.
NotThePast = What has been can't be handed over anew.
AYearAhead = Plan at most a year ahead.
TransferDone = This transfer was carried out or called off already.
GivenAwayMeanwhile = Somebody else gave some of these households away. Try again.
OnlyStaffHandOverAreas = Only staff hand areas over.
NeverSeesNumbers = Your role never sees full numbers.
OnlyStaffRecordContacts = Only staff record contacts.
NextFollowUpAhead = The next follow-up must lie ahead.
AnotherAmbassador = Choose another, active ambassador.
HouseholdsNotManaged = Some of these households are in a project that you do not manage.
NotOfAllHouseholds = This ambassador does not work for the project of all these households.
NotAnIdentityNumber = This is not an identity number of 18 characters.
NumberRecordedMeanwhile = Somebody recorded a number in the same moment. Try again.
DataErasedBefore = This customer's data were erased before.
StillBound = A home, contract, handover or open ticket still binds the customer and the company.
OwnerStepNotYours = You can see this owner, but this step is not yours to take.
ServedByAnotherProject = Another project serves this customer.
SignedForNoHome = This owner has signed for no home: sign the contract.
NoHomeHandedOver = No home of this owner is handed over: complete the handover.
StillOwnsAHome = This owner still owns a home.
MovedAtTheSameMoment = Somebody else moved this owner at the same moment.
StageJump = An owner can't come from { $from } to { $to }.
DocumentOfToday = A document is filed today or was before.
DocumentTakenOut = This document was taken out already.

# Sales and contracts.

SalesAgentsOwn = Sales agents register customers of their own.
SalesAgentOfProject = Choose an active sales agent of the project.
ColleaguesCustomer = A colleague looks after this customer in this project already.
CustomerGivenAway = Somebody else gave this customer away at the same moment.
HomeIsSold = This home is sold.
ClauseCount = A contract has 1 to { $most } key clauses.
NoHome = This is no home.
HomeHasOwners = This home has owners already.
BuyerCount = A contract has 1 to { $most } buyers, each once.
ContractNumberTaken = There is a contract with this number already.
DraftOverHome = There is a draft over this home already: sign it, or end it first.
ClausesBeforeSigning = Clauses are acknowledged before the contract is signed.
OnlyADraftIsSigned = Only a draft is signed.
NotInTheFuture = Nothing is signed in the future.
SignedMeanwhile = Somebody else signed or ended it at the same moment.
ClauseNotAcknowledged = { $name } has not acknowledged the clause "{ $title }".
OnlyAManagerEnds = Only a manager ends a signed contract.
EndedBeforeHandover = Only a draft, or a contract before the handover, is ended.
ContractorNameTaken = The project has a contractor of this name already.
VisitAhead = A visit is agreed for a time to come.
VisitWithinAYear = A visit is agreed within a year.
VisitorMayCome = The customer may still come in time.
FasterLoadAgain = Somebody else was faster. Load it again.
NotCheckedIn = The customer has not checked in yet.
CustomerWaits = The customer has arrived and waits.
CustomerInService = Somebody attends to the customer at this moment.
VisitOver = This visit is over.
OnlyStaffWritePublications = Only staff write publications.
OnlyStaffReviewPublications = Only staff review publications.
NotPresentVersion = This is not the present version any more. Read the new one first.
WithdrawFirst = It is on show already: withdraw it first.
ChangedAtTheSameMoment = Somebody changed it at the same moment.
ReviewersOnly = Publications are reviewed by project management and legal affairs.
NotOnesOwnText = Nobody reviews a text of their own.
OnShowAlready = It is on show already.
NotOnShow = It is not on show.
NotReviewed = { $department } has not reviewed version { $version }.
ReviewedAndRejected = { $department } rejected version { $version }.
OnlyStaffPublishDisclosures = Only staff publish disclosures.
PutUpMeanwhile = Somebody else put up the same at this moment.
NotOnShowAnyMore = It is not on show any more.
OnlyStaffRecordDeviations = Only staff record deviations.
DeviationNotice = A deviation is told by a disclosure of kind SHOW_HOME_DEVIATION that is on show.

# Activities.

LecturesOfPartners = Partners give lectures only.
OnlyLecturesOpenEarly = Only lectures open to some before others.
EverybodyBeforeBegin = Everybody may register before it begins.
ActivityStands = This activity is { $status } already: the step does not exist there.
ActivityHasBegun = This activity has begun.
SeatsTaken = { $taken } seats are taken already.
ActivityTookPlace = This activity has taken place.
ActivityNotOver = This activity is not over yet.
EvaluationFirst = An activity is closed with its evaluation: write down first how it went.
InviteCount = Invite 1 to { $most } customers in one call.
ActivityNotBegun = This activity has not begun.
OnlyThoseWithASeat = Only those who had a seat at this activity say how it was.
AnotherDepartmentAnswers = You can see this opinion, but another department answers it.
OpinionAnswered = This opinion was answered already.
ForWhichCustomer = Say which customer it is for.
RegistrationNotOpen = Registration is not open: this activity is closed or was called off.
RegistrationCancelled = This registration was cancelled.
NobodyThereYet = Nobody is there yet.

# Handover.

HandoverStep = { $step } is not possible while the handover is { $status }.
HandoverNotYours = You can see this handover, but this step is not yours to take.
SlotOfAnotherBuilding = This time is for another building.
SlotHasBegun = This time has begun. Choose a later one.
SlotCount = Give 1 to { $most } times.
NobodyAccompanies = Nobody accompanies the customer yet: assign a member of staff first.
WriteMeterReadings = Write down the readings of the meters.
OnlyStaffTickSteps = Only staff tick steps.
NoContractWaits = No signed contract waits for this home to be handed over.
HandoverBookedAlready = A handover of this home is booked already.
NobodyOwnsHome = Nobody owns this home yet.
NoPlaceLeft = No place is left at this time. Choose another.
ContractWaitsNoMore = The contract of this home is not waiting for its handover any more.
StepMandatory = The step { $step } is mandatory and not ticked.

# Tickets.

NotPossibleIn = { $action } is not possible in { $status }. Load the ticket again: somebody may have been faster.
TicketStepNotYours = You can see this ticket, but this step is not yours to take.
PicturesAtStart = A ticket starts with at most { $most } pictures.
PicturesOfTicket = A ticket has at most { $most } pictures.
TicketFinished = This ticket is finished.
RoleAddsNoPictures = Your role adds no pictures.
NoSuchPicture = There is no such picture.
NameOneTicket = Name one ticket, or none.
NotAForm = This is not a multipart form.
UploadTooSlow = the upload is too slow.
UploadBrokeOff = the upload broke off.
FileTooLarge = the file is larger than 10 MB.
FileUnknownType = the file is not a JPEG, PNG or WebP picture.
PictureTooManyPixels = the picture has more than 50 megapixels or a side longer than 20,000 pixels.
PictureMoves = moving pictures are not taken.
FileCorrupt = the file is damaged or incomplete.
OnlyStaffAnalyse = Only staff analyse complaints.

# What the house itself notes with a ticket's events.

NoteOnDuty = An emergency: whoever is on duty was sent
NoteStandsIn = The assignee is away; the substitute has taken over
NoteAway = The assignee is away
NoteLeft = The assignee has left the company
NoteMoved = The assignee does other work now
NoteImported = Imported from another system, where its number was { $reference }
SuccessorGone = The successor no longer answers for households of this project.

# Upkeep.

PlanNeedsAPoint = A plan checks at least one point.
OwnDepartment = Choose your own department.
OnlyStaffRecordRounds = Only staff record rounds.
PlanNotInUse = This plan is not in use any more.
PerformerOfProject = Choose somebody who works for the plan's project.
OnlyStaffRecordIncidents = Only staff record incidents.
IncidentInThePast = An incident lies in the past.
IncidentJudgedMeanwhile = Somebody else judged this incident at the same moment. Load it again.
TicketsOfBatch = Begin with at most { $most } tickets and add the others.
DeadlineWithinAYear = A deadline is today or later, within a year.
BatchSentMakeAnother = This batch was sent to the contractor. Make another one.
TicketInABatch = This ticket is in a batch already.
BatchSent = This batch was sent already.
BatchEmpty = There is nothing in this batch.
OnlySentBatches = Only a batch that was sent, and is not completed yet, can be completed.
TicketsUnresolved = { $left } of its tickets are not resolved yet.
ProjectOrContract = Name a project or a contract, not both.
TermsOfContracts = Managers set the terms of single contracts; those of projects are the administrators'.

# Notices, answers, milestones, journeys, figures.

BulletinsComeAlong = Bulletins of this kind come with their milestone or warranty and are not written by hand.
OnlyOwnersReadBulletins = Only owners have bulletins to read.
OnlyStaffWriteAnswers = Only staff write answers.
NameOneOfYourProjects = Name one of your projects: what holds everywhere is the administrator's.
ArticleOfAdministrator = You can read this article, but what holds everywhere is the administrator's.
PublishedByManager = A published answer is changed by a manager.
ArticleStands = This article is { $status } already.
MilestoneOfToday = A milestone is reached today or was before.
OnlyStaffRecordMilestones = Only staff record milestones.
MilestoneReached = This milestone was reached already, and the customers were told.
TenYears = Name at most ten years.
ServicePointCount = Name at most { $most } service points.
NotOfSingleStaff = This figure is not of single members of staff.
NotOfSingleDepartments = This figure is not of single departments.
LinkCount = You have { $most } links already: end one first.
MarkCount = Mark at most { $most } at a time, or all up to a cursor.
WhatWasRead = Say what you have read.
IdsOrCursor = Name notifications or a cursor, not both.
OnlyPeopleAreTold = Only people are told.
ChoiceCount = Give at most { $most } choices.
TimeOfDayFormat = Write a time of day as HH:MM, from 00:00 to 23:59.
NotAnEmailAddress = This is not an email address.
ResendCount = Name at most { $most } at a time, or a channel.
SayWhatToResend = Say what to send anew.
MessagesOrChannel = Name messages or a channel, not both.
WebPushNeedsSubscription = Web Push needs the browser's subscription.
EndpointsAtMost = There are { $most } endpoints already: delete one first.
EndpointGivenUp = This endpoint was given up already.
OverlapHours = The old secret goes on for 0 to { $most } hours.
SayWhatToReplay = Say what is to be sent once more.
OneOfDeadAfterSince = Give one of dead, after and since.
SayOfWhatItIsTold = Say of what it is told.
OnlyBrowsersSubscribe = Only browsers have a subscription.
TokenOrSubscription = Give a token or a subscription, not both.
NoPublicKey = This is no public key of a browser.
NoSharedSecret = These are not 16 bytes in base64url.
AddressIsNoHttps = it is not an https URL
AddressHoldsCredentials = a name and password can't be part of the URL
AddressIsClosed = it leads to an address that is not of the internet; the operator names such networks with --outbound-allow-net
CanNotBeCalled = This can't be called: { $why }.

# Tables to take away.

NoSuchTable = There is no such table. Ask for one of the guide's, as .csv or .xlsx.
ExportNotForRole = Your role does not export this.
UnknownParameter = A parameter is unknown, or is given twice.
NotNarrowedBy = This table is not narrowed by { $field }.
NameASurveyKind = Name a kind of survey, as the API does.
TakesAnInstant = { $field } takes an instant such as 2026-11-01T00:00:00Z.
TakesAMonth = { $field } takes a month such as 2026-11.
MonthCount = Ask for at most { $most } months at a time.

# Surveys.

AnswerCount = Give at most { $most } answers.
SurveyHandedIn = This survey was handed in already.
SurveyOver = The time for this survey is over.
OnlyStaffSayTheWay = Only staff say by which way they asked.
SayTheWay = Say by which way you asked.
CustomersAnswerInTheApp = In the app customers answer themselves.
AboutOwnWork = This survey is about your own work: a colleague asks the questions.
QuestionOfAnotherSurvey = One of the questions is not of this survey.
QuestionTakes = Question { $number } takes { $wanted }.
QuestionMustBeAnswered = Question { $number } must be answered.
OpenedByHand = Only PROPERTY_SERVICE is opened by hand; the others open by themselves.
AskedThisMonth = The households of this project were asked this month already.
TaskDone = This task was done already.
SurveysOfTheGroup = Surveys are run by the group's property department.
VersionMadeMeanwhile = Somebody else made a version at the same moment. Try again.
OnlyADraftChanges = Only a draft can be changed or put to use. Make a new version instead.
MonthSpan = The last month is not before the first, and within { $most } months.

# What a field must be, said after its name.

MustBeGiven = must be given
MustNotHoldControl = must not hold control characters
MustBeShorter = must be at most { $most } characters long
MustBeFrom = must be { $least } to { $most }
MustBeFromTo = must be from { $least } to { $most }
MustBeMinutes = must be from { $least } to { $most } minutes
MustBeAtMostInAll = must be at most { $most } in all
MustLieAhead = must lie ahead
MustNotBePast = must not be in the past
MustFollowWithinDays = must follow the start, by at most 31 days
MustFollowWithinHours = must follow the start within 12 hours
MustBeAfterStart = must be after startsAt
MustBeWithinHoursOfStart = must be at most { $hours } hours after startsAt
MustBeWithinAYear = must be at most a year ahead
MustBeWithinDays = must be at most 60 days ahead
MustLieWithinSevenDays = must lie within the last seven days
HasBegunRegistrationClosed = has begun: registration is closed
IsOpenToOthersUntil = is open until { $until } to those only who took their home over and do not renovate yet
MustBeATimeZone = must be the IANA name of a time zone
MustBeACode = must be { $least } to { $most } capitals and digits, with a letter among them
MustBeOneWord = must be one word, without spaces
MustBeATelephone = must be a telephone number
MustNotBeHolidaysToo = must not be holidays too
MustHaveWorkingTime = must have working time on some day
MustHavePeriodsThatEnd = must have periods that end after they start
MustHavePeriodsApart = must have periods that don't overlap
MustHaveTimes = must have times like 09:00, up to 24:00
MustBeOfAComplaint = must be the id of a complaint
IsAWithdrawnComplaint = is a complaint that was withdrawn
IsAnUnresolvedComplaint = is a complaint that is not resolved yet
MustBeWithinThreeYears = must be the first day or a later one, within three years
MustNotHoldTwice = must not hold { $name } twice
MustBeOfAPoint = must be the id of a point of this plan
MustNotNameTwice = must not name a point twice
MustSayOfEachPoint = must say of each point how it is; missing: { $missing }
MustBeFalseForSound = must be false for a sound point
MustBeLeftOutForSound = must be left out for a sound point
MustBeUrgentOrNormal = must be URGENT or NORMAL
MustBeOfAppointment = must be left out unless the urgency is APPOINTMENT
MustBeOfRectification = must be left out unless the kind is RECTIFICATION
MustNotBeNegative = must not be negative
IsResolvedForLess = has been resolved for less than 72 hours
EndedLongAgo = ended more than 7 days ago
MustBeAComplaint = must be a complaint to be triaged
MustHaveAnAppointment = can only be changed on a ticket whose urgency is APPOINTMENT
MustWaitForAContractor = must be a rectification, or a repair that is not urgent and not begun, to wait for a contractor
IsCountedIn = must not be given: this part is counted in { $unit }
MustHaveARequired = must have one that is required
HasAFaultInQuestion = has a fault in question { $number }: its { $field } { $what }
MustBeLeftOutNoChoice = must be left out, as there is nothing to choose
MustDiffer = must have different values
MustNameAnEarlier = must name an earlier question
MustGiveAnAnswer = must give an answer that the earlier question takes
LiesInTheFuture = lies in the future: the device's clock is wrong
IsTooLongAgo = is more than { $days } days ago: decide anew

# What a question of a survey takes.

WholeNumber = a whole number from { $least } to { $most }
TextOfAtMost = a text of at most 2000 characters
ListOfOptions = a JSON list of the values of its options
OneOfTheOptions = the value of one of its options
