//! What the house writes by itself into titles, notices and reasons that people read. It is stored beside its text in the
//! language of whoever said nothing about it: each reader reads it in a language of their own, and a server that does not
//! know it yet reads the text.

use super::{Day, Month, Name, Names};

messages! {
    Written, WRITTEN;

    // Why an owner came to another stage.
    ReasonRegistered,
    ReasonLedger,
    ReasonSigned { number: String },
    ReasonTakenOver,
    ReasonErased,
    ReasonEnded { reason: String },

    // What a survey is called.
    SurveyOfSales { month: Month },
    SurveyOfHandover { month: Month },
    SurveyOfCentralisedRectification { month: Month },
    SurveyOfRectification { month: Month },
    SurveyOfPropertyService { month: Month },
    SurveyAfterBatch { batch: Box<Written> },
    SurveyAfterNamedBatch { batch: String },

    // What a department must improve.
    BelowTarget { survey: Box<Written>, side: Name },
    BelowTargetOfNamed { survey: String, side: Name },

    // What a batch of defects is called.
    BatchOfWarranties { month: Month },

    // Notices.
    MilestoneHeadline { milestone: Name },
    MilestoneTold { place: String, day: Day, milestone: Name },
    WarrantyHeadline { parts: Names },
    WarrantyBegin { unit: String },
    WarrantyOfPart { part: Name, day: Day },
    WarrantyWhatToDo,
}
