# What the house writes by itself into titles, notices and reasons; domain/message/written.rs lists the same.

# Why an owner came to another stage.
ReasonRegistered = 首次登记
ReasonLedger = 业主台账导入
ReasonSigned = 签约 { $number }
ReasonTakenOver = 房屋已交付
ReasonErased = 资料已注销
ReasonEnded = 解约: { $reason }

# What a survey is called.
SurveyOfSales = { $month }销售服务满意度回访
SurveyOfHandover = { $month }交付服务满意度回访
SurveyOfCentralisedRectification = { $month }集中整改满意度回访
SurveyOfRectification = { $month }房屋整改满意度调查
SurveyOfPropertyService = { $month }物业服务满意度调查
SurveyAfterBatch = { $batch }·房屋整改满意度调查
SurveyAfterNamedBatch = { $batch }·房屋整改满意度调查

# What a department must improve.
BelowTarget = { $survey }:{ $side }低于目标
BelowTargetOfNamed = { $survey }:{ $side }低于目标

# What a batch of defects is called.
BatchOfWarranties = { $month }保修期到期整改

# Notices.
MilestoneHeadline = 工程进展：{ $milestone }
MilestoneTold = 尊敬的客户：{ $place }已于{ $day }达成工程节点“{ $milestone }”，特此告知。
WarrantyHeadline = 保修期即将到期：{ $parts }
WarrantyBegin = 尊敬的业主：您的房屋{ $unit }以下项目的保修期即将届满：
WarrantyOfPart = · { $part }：{ $day }到期
WarrantyWhatToDo = 请您在到期前检查，如有问题请及时报修，我们将安排责任单位统一整改。
