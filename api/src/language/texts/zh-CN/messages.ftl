# What is said to people about what they asked for; domain/message/list.rs lists the same.

# Of every noun.

SignInFirst = 请先登录。
Unknown = 此编号不存在，或您无权查看。
ChangedMeanwhile = 内容已被他人修改，请重新加载后再作决定。
Busy = 服务繁忙，请稍后再试。
TookTooLong = 操作耗时过长已被停止，请稍后再试。
WentWrong = 系统出现故障，请稍后再试。
WentWrongReport = 系统出现故障。反馈时请提供请求编号（requestId）。
TooMuchAskedFor = 短时间内请求过多，请在 { $seconds } 秒后再试。
SignInToUse = 请先登录再使用“{ $field }”。
NotForYou = 您无权使用“{ $field }”。
ArgumentsDoNotFit = 参数不符合要求。
TokenNotValid = 访问令牌无效或已失效，请刷新令牌或重新登录。
TokenMissing = 缺少访问令牌，或令牌已失效。
TokenMalformed = Authorization 须为“Bearer”加访问令牌。
SessionHasEnded = 会话已结束：请重新登录，并从最后的游标继续。
NoPagesOfThisOrigin = 此来源的页面不得建立连接。
NoSuchAddress = 此地址没有内容。
AnotherMethod = 此处请使用 { $method }。
TooManyStreams = 一个连接最多同时运行 { $most } 个操作。
AboutField = { $what }（{ $field }）。
FirstOrLast = first 与 last 只能给出一个。
PageSize = 每页为 1 至 { $most } 条。
CursorOfAnotherList = 此游标不属于该列表，请去掉游标重新开始。
CursorBeyondEnd = 此游标超出了事件流的末尾，请重新加载全部内容，并去掉游标重新订阅。
AtMostValues = 最多给出 { $most } 个值。
AtMostIds = 一次最多查询 { $most } 个。
IdOfAnotherKind = 这是 { $given } 的编号，此字段需要 { $wanted } 的编号。
PeriodOfTwoYears = 时段须先开始后结束，且不超过两年。
PeriodOfAYear = 时段须先开始后结束，且不超过一年。
DayTooFarAway = 该日期过于遥远。
MonthFormat = 月份的格式为 YYYY-MM。
InstantRange = 时间须在 0001 年至 9999 年之间。
KeyLength = 幂等键为 1 至 { $most } 个字符，使用随机 UUID 即可。
KeyControl = 幂等键不得含有控制字符。
KeyReused = 此幂等键已用于另一次调用，请为每项操作生成新的键。
ActionCount = 一次提交 1 至 { $most } 项操作，其余请在下一次提交。
KeyInQueue = 离线队列中的每项操作都须有幂等键，以便整个队列可以重新提交。
VersionOrAction = 所见版本与所跟随的操作只能给出一个。
NoSuchActionBefore = 您没有以此幂等键更改过该工单的操作。
ActionBeforeNotDone = 同一工单之前的操作未能执行，请重新决定。
SendAgainWithSameKey = 暂时无法执行，请以相同的幂等键重新提交。
RefusedBefore = 此操作此前已被拒绝，请重新加载后再作决定。
StepNotYours = 您无权执行此操作。

# Signing in.

TooManyTries = 尝试次数过多，请在 { $minutes } 分钟后再试。
WrongCode = 验证码错误或已过期，请重新获取。
WrongPassword = 账号或密码错误。
NotAMainlandNumber = 这不是 11 位的大陆手机号码。
NotAMobileNumber = 这不是手机号码。
SessionOver = 会话已结束，请重新登录。

# People of the company.

NotOfTheProject = 该员工不在此项目任职。
NotOfThisProject = 该员工不在本项目任职。
NotOfTheTicketsProject = 该员工不在工单所属项目任职。
NotOfTheBuildingsProject = 该员工不在楼栋所属项目任职。
NotOfAllProjects = 该员工并未在缺勤者的所有项目任职。
TakesNoTickets = 该员工不承接工单。
NotTrained = 该员工没有有效的上岗培训。
StaffIsAway = 该员工不在岗。
StaffIsAwayThen = 该员工届时不在岗。
ServesNotHere = 该员工不服务于该住户。
SameRole = 请选择另一名同岗位的在职员工。
AbsenceSpan = 缺勤须先开始后结束，结束于将来，且不超过一年。
AbsenceOver = 该缺勤已结束。
TrainingFromItsDay = 培训自通过之日起有效。
NotOneself = 不能停用自己的账号。
ShiftBeginsThen = 该员工已有从此刻开始的班次。
ShiftHasBegun = 班次已开始，请改为登记缺勤。
LookAhead = 最多查看今后 { $days } 天。

# Running the company.

PartnerNameTaken = 已有同名的合作商家。
ProjectCodeTaken = 已有使用该代码的项目。
ProjectNameTaken = 已有同名的项目。
MonthsAreClosed = 本项目已有月份结账，其日期按现有时区计算，时区不能再改。
StaffNumberTaken = 该工号已由他人使用。
LoginTaken = 该登录名已由他人使用。
LastAdministrator = 须始终有一名管理员：请先指定另一名。
NotOnesOwnRole = 不能更改自己的岗位：请由另一名管理员操作。
NotOnesOwnPassword = 不能重置自己的密码：请用现有密码修改。
PasswordLength = 密码须为 { $least } 至 { $most } 个字符。
PasswordMonotonous = 密码不能由同一个字符重复而成。
NotThePresentPassword = 现有密码不正确。
OnlyStaffHavePasswords = 只有员工使用密码。

# Households.

ActiveStaffOfProperty = 请选择物业公司或客服部的在职员工。
OnlyAmbassadors = 只有客户大使负责住户。
NameHouseholds = 请指定 1 至 { $most } 户。
AmbassadorOfTheseHouseholds = 请选择在这些住户所属项目任职的在职客户大使。
NamedAtTheSameMoment = 他人同时指定了另一人，请重试。
AnotherAmbassadorOfThisProject = 请选择在本项目任职的另一名在职客户大使。
AmbassadorIsAway = 该客户大使不在岗。
NotThePast = 过去的时间无法重新移交。
AYearAhead = 最多提前一年安排。
TransferDone = 该移交已执行或已取消。
GivenAwayMeanwhile = 部分住户已被他人移交，请重试。
OnlyStaffHandOverAreas = 只有员工可以移交片区。
NeverSeesNumbers = 您的角色不能查看完整号码。
OnlyStaffRecordContacts = 只有员工可以登记联系记录。
NextFollowUpAhead = 下次跟进时间须在将来。
AnotherAmbassador = 请选择另一名在职客户大使。
HouseholdsNotManaged = 部分住户属于您不管理的项目。
NotOfAllHouseholds = 该客户大使并未在所有这些住户的项目任职。
NotAnIdentityNumber = 这不是 18 位的身份证号码。
NumberRecordedMeanwhile = 他人同时登记了号码，请重试。
DataErasedBefore = 该客户的资料已注销。
StillBound = 该客户仍有房屋、合同、收房或未完成的工单。
OwnerStepNotYours = 您可以查看该业主，但无权执行此操作。
ServedByAnotherProject = 该客户由其他项目服务。
SignedForNoHome = 该业主尚未签约：请先签订合同。
NoHomeHandedOver = 该业主尚无已交付的房屋：请先完成收房。
StillOwnsAHome = 该业主仍拥有房屋。
MovedAtTheSameMoment = 他人同时变更了该业主的阶段。
StageJump = 业主不能从“{ $from }”变为“{ $to }”。
DocumentOfToday = 归档日期须为今天或以前。
DocumentTakenOut = 该资料已取出。

# Sales and contracts.

SalesAgentsOwn = 置业顾问只能登记自己的客户。
SalesAgentOfProject = 请选择本项目的在职置业顾问。
ColleaguesCustomer = 该客户在本项目已由同事跟进。
CustomerGivenAway = 他人同时转交了该客户。
HomeIsSold = 该房屋已售出。
ClauseCount = 合同有 1 至 { $most } 条重要条款。
NoHome = 这不是住宅。
HomeHasOwners = 该房屋已有业主。
BuyerCount = 合同有 1 至 { $most } 名买受人，每人一次。
ContractNumberTaken = 该合同编号已存在。
DraftOverHome = 该房屋已有合同草稿：请先签订或终止。
ClausesBeforeSigning = 条款须在签约前确认。
OnlyADraftIsSigned = 只有草稿可以签订。
NotInTheFuture = 签约日期不能在将来。
SignedMeanwhile = 他人同时签订或终止了该合同。
ClauseNotAcknowledged = { $name } 尚未确认条款“{ $title }”。
OnlyAManagerEnds = 只有经理可以终止已签订的合同。
EndedBeforeHandover = 只有草稿或交付前的合同可以终止。
ContractorNameTaken = 本项目已有同名的责任单位。
VisitAhead = 预约时间须在将来。
VisitWithinAYear = 预约须在一年之内。
VisitorMayCome = 客户仍可能按时到访。
FasterLoadAgain = 他人已先处理，请重新加载。
NotCheckedIn = 客户尚未签到。
CustomerWaits = 客户已到访，正在等候。
CustomerInService = 客户正在接待中。
VisitOver = 该预约已结束。
OnlyStaffWritePublications = 只有员工可以编写宣传资料。
OnlyStaffReviewPublications = 只有员工可以审核宣传资料。
NotPresentVersion = 这已不是当前版本，请先阅读新版本。
WithdrawFirst = 该资料已发布：请先撤下。
ChangedAtTheSameMoment = 他人同时修改了内容。
ReviewersOnly = 宣传资料由项目管理部和法务审核。
NotOnesOwnText = 不能审核自己编写的资料。
OnShowAlready = 该资料已发布。
NotOnShow = 该资料未发布。
NotReviewed = { $department }尚未审核第 { $version } 版。
ReviewedAndRejected = { $department }否决了第 { $version } 版。
OnlyStaffPublishDisclosures = 只有员工可以发布公示。
PutUpMeanwhile = 他人同时发布了相同内容。
NotOnShowAnyMore = 该公示已撤下。
OnlyStaffRecordDeviations = 只有员工可以登记样板间差异。
DeviationNotice = 样板间差异须由在展的样板间差异公示（SHOW_HOME_DEVIATION）告知。

# Activities.

LecturesOfPartners = 合作商家只举办讲座。
OnlyLecturesOpenEarly = 只有讲座可以优先开放报名。
EverybodyBeforeBegin = 开始之前须向所有人开放报名。
ActivityStands = 活动已处于“{ $status }”状态，无法执行此操作。
ActivityHasBegun = 活动已开始。
SeatsTaken = 已有 { $taken } 个名额被占用。
ActivityTookPlace = 活动已举办。
ActivityNotOver = 活动尚未结束。
EvaluationFirst = 活动须在评估后关闭：请先填写活动评估。
InviteCount = 一次邀请 1 至 { $most } 名客户。
ActivityNotBegun = 活动尚未开始。
OnlyThoseWithASeat = 只有报名成功的客户可以评价该活动。
AnotherDepartmentAnswers = 您可以查看该意见，但由其他部门答复。
OpinionAnswered = 该意见已答复。
ForWhichCustomer = 请说明为哪位客户办理。
RegistrationNotOpen = 报名未开放：活动已关闭或取消。
RegistrationCancelled = 该报名已取消。
NobodyThereYet = 活动尚未开始签到。

# Handover.

HandoverStep = 收房处于“{ $status }”状态时无法执行此操作（{ $step }）。
HandoverNotYours = 您可以查看该收房，但无权执行此操作。
SlotOfAnotherBuilding = 此时段属于其他楼栋。
SlotHasBegun = 此时段已开始，请选择较晚的时段。
SlotCount = 请给出 1 至 { $most } 个时段。
NobodyAccompanies = 尚无人员陪同客户：请先指派员工。
WriteMeterReadings = 请填写水电气表底数。
OnlyStaffTickSteps = 只有员工可以勾选步骤。
NoContractWaits = 该房屋没有待交付的已签合同。
HandoverBookedAlready = 该房屋已预约收房。
NobodyOwnsHome = 该房屋尚无业主。
NoPlaceLeft = 此时段已约满，请另选时段。
ContractWaitsNoMore = 该房屋的合同已不再等待交付。
StepMandatory = 必办步骤“{ $step }”尚未完成。

# Tickets.

NotPossibleIn = 工单处于“{ $status }”状态时无法执行“{ $action }”。请重新加载工单：可能已有人先行处理。
TicketStepNotYours = 您可以查看该工单，但无权执行此操作。
PicturesAtStart = 报事时最多附 { $most } 张图片。
PicturesOfTicket = 一张工单最多有 { $most } 张图片。
TicketFinished = 该工单已结束。
RoleAddsNoPictures = 您的角色不能添加图片。
NoSuchPicture = 没有这张图片。
NameOneTicket = 只能指定一张工单，或不指定。
NotAForm = 这不是 multipart 表单。
UploadTooSlow = 上传速度过慢。
UploadBrokeOff = 上传中断。
FileTooLarge = 文件超过 10 MB。
FileUnknownType = 文件不是 JPEG、PNG 或 WebP 图片。
PictureTooManyPixels = 图片超过 5000 万像素，或某一边长于 20000 像素。
PictureMoves = 不接受动态图片。
FileCorrupt = 文件已损坏或不完整。
OnlyStaffAnalyse = 只有员工可以分析投诉。

# What the house itself notes with a ticket's events.

NoteOnDuty = 急修派单：值班人员
NoteStandsIn = 处理人请假，由代班人员接手
NoteAway = 处理人请假
NoteLeft = 处理人已离职
NoteMoved = 处理人已调离
NoteImported = 导入自其他系统，原工单号 { $reference }
SuccessorGone = 接任者已不再负责本项目的住户。

# Upkeep.

PlanNeedsAPoint = 计划至少检查一个点位。
OwnDepartment = 请选择您自己的部门。
OnlyStaffRecordRounds = 只有员工可以登记巡检。
PlanNotInUse = 该计划已停用。
PerformerOfProject = 请选择在计划所属项目任职的人员。
OnlyStaffRecordIncidents = 只有员工可以登记事故。
IncidentInThePast = 事故时间须在过去。
IncidentJudgedMeanwhile = 他人同时认定了该事故，请重新加载。
TicketsOfBatch = 创建时最多包含 { $most } 张工单，其余可随后添加。
DeadlineWithinAYear = 期限须为今天或以后，且不超过一年。
BatchSentMakeAnother = 该批次已发给责任单位，请新建批次。
TicketInABatch = 该工单已在批次中。
BatchSent = 该批次已发出。
BatchEmpty = 该批次中没有工单。
OnlySentBatches = 只有已发出且未完成的批次可以完成。
TicketsUnresolved = 其中 { $left } 张工单尚未处理完成。
ProjectOrContract = 项目与合同只能指定一个。
TermsOfContracts = 经理设定单个合同的保修期；项目的保修期由管理员设定。

# Notices, answers, milestones, journeys, figures.

BulletinsComeAlong = 此类公告随工程节点或保修到期自动发布，不能手工编写。
OnlyOwnersReadBulletins = 只有业主可以阅读公告。
OnlyStaffWriteAnswers = 只有员工可以编写标准答案。
NameOneOfYourProjects = 请指定您的一个项目：通用内容由管理员维护。
ArticleOfAdministrator = 您可以阅读该文章，但通用内容由管理员维护。
PublishedByManager = 已发布的答案由经理修改。
ArticleStands = 该文章已处于“{ $status }”状态。
MilestoneOfToday = 节点达成日期须为今天或以前。
OnlyStaffRecordMilestones = 只有员工可以登记工程节点。
MilestoneReached = 该节点已达成，并已通知客户。
TenYears = 最多十年。
ServicePointCount = 最多填写 { $most } 个服务要点。
NotOfSingleStaff = 该指标不按员工统计。
NotOfSingleDepartments = 该指标不按部门统计。
LinkCount = 您已有 { $most } 个链接：请先停用一个。
MarkCount = 一次最多标记 { $most } 条，或标记到某一游标为止的全部。
WhatWasRead = 请说明已读的内容。
IdsOrCursor = 通知与游标只能指定一个。
OnlyPeopleAreTold = 只有个人可以接收通知。
ChoiceCount = 最多给出 { $most } 项选择。
TimeOfDayFormat = 时刻的格式为 HH:MM，从 00:00 至 23:59。
NotAnEmailAddress = 这不是电子邮件地址。
ResendCount = 一次最多指定 { $most } 条，或指定一个渠道。
SayWhatToResend = 请说明要重新发送的内容。
MessagesOrChannel = 消息与渠道只能指定一个。
WebPushNeedsSubscription = 网页推送需要浏览器的订阅信息。
EndpointsAtMost = 已有 { $most } 个接收端，请先删除一个。
EndpointGivenUp = 该接收端已停用。
OverlapHours = 旧密钥可继续使用 0 至 { $most } 小时。
SayWhatToReplay = 请说明要重新发送哪些。
OneOfDeadAfterSince = dead、after、since 只能填写一项。
SayOfWhatItIsTold = 请说明要通知哪些事件。
OnlyBrowsersSubscribe = 只有浏览器有订阅信息。
TokenOrSubscription = 推送令牌与订阅信息只能给出一个。
NoPublicKey = 这不是浏览器的公钥。
NoSharedSecret = 这不是 base64url 编码的 16 个字节。
AddressIsNoHttps = 这不是 https 网址
AddressHoldsCredentials = 网址不得包含用户名和密码
AddressIsClosed = 该网址指向互联网以外的地址；此类网络由运维人员以 --outbound-allow-net 指定
CanNotBeCalled = 无法调用此网址：{ $why }。

# Tables to take away.

NoSuchTable = 没有此表格。请按指南索取其中之一（.csv 或 .xlsx）。
ExportNotForRole = 您的角色不能导出此表格。
UnknownParameter = 有未知或重复的参数。
NotNarrowedBy = 此表格不能按 { $field } 筛选。
NameASurveyKind = 请按接口的写法指定调查类型。
TakesAnInstant = { $field } 须为时间，例如 2026-11-01T00:00:00Z。
TakesAMonth = { $field } 须为月份，例如 2026-11。
MonthCount = 一次最多查询 { $most } 个月。

# Surveys.

AnswerCount = 最多给出 { $most } 个答案。
SurveyHandedIn = 该问卷已提交。
SurveyOver = 该问卷已截止。
OnlyStaffSayTheWay = 只有员工填写访问渠道。
SayTheWay = 请说明通过何种渠道访问。
CustomersAnswerInTheApp = 应用内由客户本人作答。
AboutOwnWork = 该问卷涉及您本人的工作，请由同事访问。
QuestionOfAnotherSurvey = 其中有问题不属于该问卷。
QuestionTakes = 第 { $number } 题须为{ $wanted }。
QuestionMustBeAnswered = 第 { $number } 题必须作答。
OpenedByHand = 只有物业服务满意度（PROPERTY_SERVICE）由人工发起，其他自动发起。
AskedThisMonth = 本月已向该项目的住户发起过调查。
TaskDone = 该任务已完成。
SurveysOfTheGroup = 满意度调查由集团物业管理部负责。
VersionMadeMeanwhile = 他人同时创建了版本，请重试。
OnlyADraftChanges = 只有草稿可以修改或启用，请另建新版本。
MonthSpan = 结束月份不得早于起始月份，且不超过 { $most } 个月。

# What a field must be, said after its name.

MustBeGiven = 必须填写
MustNotHoldControl = 不得含有控制字符
MustBeShorter = 最多 { $most } 个字符
MustBeFrom = 须为 { $least } 至 { $most }
MustBeFromTo = 须为 { $least } 至 { $most }
MustBeMinutes = 须为 { $least } 至 { $most } 分钟
MustBeAtMostInAll = 总数最多 { $most } 个
MustLieAhead = 须在将来
MustNotBePast = 不得早于现在
MustFollowWithinDays = 须晚于开始时间，且最多相隔 31 天
MustFollowWithinHours = 须晚于开始时间，且最多相隔 12 小时
MustBeAfterStart = 须晚于开始时间 startsAt
MustBeWithinHoursOfStart = 最多晚于开始时间 startsAt { $hours } 小时
MustBeWithinAYear = 最多提前一年
MustBeWithinDays = 最多提前 60 天
MustLieWithinSevenDays = 须在最近七天之内
HasBegunRegistrationClosed = 活动已开始，报名已截止
IsOpenToOthersUntil = 在 { $until } 之前仅向已收房且尚未装修的业主开放
MustBeATimeZone = 须为 IANA 时区名称
MustBeACode = 须为 { $least } 至 { $most } 位大写字母和数字，且至少有一个字母
MustBeOneWord = 不能含有空格
MustBeATelephone = 须为电话号码
MustNotBeHolidaysToo = 不得同时为节假日
MustHaveWorkingTime = 至少一天须有工作时间
MustHavePeriodsThatEnd = 各时段须先开始后结束
MustHavePeriodsApart = 各时段不得重叠
MustHaveTimes = 时刻须形如 09:00，最晚 24:00
MustBeOfAComplaint = 须为投诉的编号
IsAWithdrawnComplaint = 该投诉已撤回
IsAnUnresolvedComplaint = 该投诉尚未处理完成
MustBeWithinThreeYears = 不得早于起始日，且不超过三年
MustNotHoldTwice = 不得重复包含“{ $name }”
MustBeOfAPoint = 须为本计划点位的编号
MustNotNameTwice = 不得重复指定同一点位
MustSayOfEachPoint = 须说明每个点位的状况，缺少：{ $missing }
MustBeFalseForSound = 完好的点位须为 false
MustBeLeftOutForSound = 完好的点位不应填写
MustBeUrgentOrNormal = 须为 URGENT（急修）或 NORMAL（普通）
MustBeOfAppointment = 仅在紧急程度为 APPOINTMENT（预约）时填写
MustBeOfRectification = 仅在类型为 RECTIFICATION（整改）时填写
MustNotBeNegative = 不得为负数
IsResolvedForLess = 处理完成未满 72 小时
EndedLongAgo = 结束已超过 7 天
MustBeAComplaint = 只有投诉可以判定是否有效
MustHaveAnAppointment = 只有紧急程度为 APPOINTMENT（预约）的工单可以改期
MustWaitForAContractor = 只有整改工单，或非急修且未开始的报修工单，可以等待责任单位处理
IsCountedIn = 不应填写：此部位以 { $unit } 计
MustHaveARequired = 至少一题须为必答
HasAFaultInQuestion = 第 { $number } 题的 { $field } 有误：{ $what }
MustBeLeftOutNoChoice = 此题无可选项，不应填写
MustDiffer = 选项的值不得重复
MustNameAnEarlier = 须指定之前的问题
MustGiveAnAnswer = 须为之前问题可接受的答案
LiesInTheFuture = 在将来：设备的时钟不准
IsTooLongAgo = 已超过 { $days } 天，请重新决定

# What a question of a survey takes.

WholeNumber = { $least } 至 { $most } 的整数
TextOfAtMost = 不超过 2000 个字符的文字
ListOfOptions = 选项值的 JSON 列表
OneOfTheOptions = 某一选项的值
