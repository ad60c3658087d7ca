//! What a person who loads a table is told: what is wrong with a row, and what was found in all.

use super::Number;

messages! {
    ImportText, IMPORT_TEXTS;

    // What is wrong with a row of a ledger.
    LedgerFormulaFailed { error: String },
    LedgerNoProject,
    LedgerNoBuilding,
    LedgerNoRoom,
    LedgerAreaNotPositive { found: String },
    LedgerNoArea { found: String },
    LedgerHandoverBeforeSigning { handover: String, signed: String },
    LedgerNoDay { found: String },
    LedgerTooLong { found: String, longest: Number },
    LedgerNoName,
    LedgerNameTooLong { found: String, longest: Number },
    LedgerNoPhone,
    LedgerNoPhoneOfOne,
    LedgerBadPhone { found: String },
    LedgerPhonesUnpaired { count: Number, expected: Number },
    LedgerNumbersUnpaired { count: Number, expected: Number },
    LedgerDigitsLost,
    LedgerNumberWrong { found: String },
    LedgerNumberLength { found: String, length: Number },
    LedgerNumberTwice,
    LedgerUnitTwice { row: Number },
    LedgerContractTwice { row: Number },
    LedgerNoAmbassador { number: String },
    LedgerAmbassadorLeft { number: String },
    LedgerContractOfAnother { unit: String },

    // With a row of a roster or of another system's tickets.
    RowFormulaFailed { error: String },
    RowTooLong { letters: Number, longest: Number },
    RowUnknownWord { found: String, known: String },
    RowNoTime { found: String },
    RowNoAmount { found: String },
    RowNoCount { found: String, least: Number, most: Number },
    RowNoTruth { found: String },
    RowMissing { column: String },
    RowNoTelephone { found: String },
    RowNoMobile { found: String },
    RowAppointmentEndsFirst,
    RowNeeds { column: String },
    RowHasNo { column: String },
    RowBeforeItsStep { column: String },
    RowNoWindow,
    RowNoProject { name: String },
    RowNumberTwice,
    RowNoHome { building: String, section: String, room: String },
    RowNotTheirs,
    RowStaffLeft { number: String },
    RowNoStaff { number: String },
    RowNoSuchTime,
    RowInTheFuture { column: String },
    RowLoginTaken { login: String },
    RowAccountEnded,
    RowOtherRole { number: String },
    RowOtherLogin { number: String },

    // What was found in all.
    SumOfRows { rows: Number, good: Number, bad: Number },
    SumOfLedger { owners: Number, units: Number, contracts: Number },
    SumOfRow { row: Number, column: String, what: String },
    SumOfRowOfSheet { sheet: String, row: Number, column: String, what: String },
    SumOfMore { more: Number },

    // What became of it.
    VerdictRefused,
    VerdictChecked,
    VerdictWouldWrite { new: Number, changed: Number, same: Number },
    VerdictWritten { new: Number, changed: Number, same: Number },
    VerdictWrittenLedger { changes: String },
}
