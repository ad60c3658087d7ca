# What the house writes by itself into titles, notices and reasons; domain/message/written.rs lists the same.

# Why an owner came to another stage.
ReasonRegistered = First entered
ReasonLedger = Taken over from the owner ledger
ReasonSigned = Contract { $number } was signed
ReasonTakenOver = The home was handed over
ReasonErased = The personal data were erased
ReasonEnded = Contract ended: { $reason }

# What a survey is called.
SurveyOfSales = { $month }: satisfaction with sales service
SurveyOfHandover = { $month }: satisfaction with the handover
SurveyOfCentralisedRectification = { $month }: satisfaction with centralised rectification
SurveyOfRectification = { $month }: satisfaction with rectification
SurveyOfPropertyService = { $month }: satisfaction with property service
SurveyAfterBatch = { $batch }: satisfaction with rectification
SurveyAfterNamedBatch = { $batch }: satisfaction with rectification

# What a department must improve.
BelowTarget = { $survey }: { $side } below target
BelowTargetOfNamed = { $survey }: { $side } below target

# What a batch of defects is called.
BatchOfWarranties = Rectification before warranties end in { $month }

# Notices.
MilestoneHeadline = Construction progress: { $milestone }
MilestoneTold = Dear customer, on { $day } { $place } reached the milestone “{ $milestone }”.
WarrantyHeadline = Warranty ends soon: { $parts }
WarrantyBegin = Dear owner, the warranty of the following parts of your home { $unit } ends soon:
WarrantyOfPart = · { $part }: on { $day }
WarrantyWhatToDo = Please look at them before that, and report what is wrong: the responsible contractor will put it right.
