# What a person who loads a table is told; domain/message/import.rs lists the same.

# What is wrong with a row of a ledger.
LedgerFormulaFailed = the formula in this cell failed ({ $error }): a plain value is expected
LedgerNoProject = the project is missing; merged cells must be filled in each row
LedgerNoBuilding = the building is missing; merged cells must be filled in each row
LedgerNoRoom = the room is missing; merged cells must be filled in each row
LedgerAreaNotPositive = the floor area is { $found }: more than 0 ㎡ is expected
LedgerNoArea = { $found } is no floor area: a number of square metres such as 89.50 is expected
LedgerHandoverBeforeSigning = handover on { $handover } is before signing on { $signed }
LedgerNoDay = { $found } is no day of the calendar: one such as 2024-03-05 is expected
LedgerTooLong = { $found } is longer than the { $longest } characters that fit here
LedgerNoName = the owner's name is missing
LedgerNameTooLong = the name { $found } is longer than { $longest } characters
LedgerNoPhone = the phone is missing
LedgerNoPhoneOfOne = the phone of one of the co-owners is missing
LedgerBadPhone = { $found } is no mobile number: 11 digits that begin with 13 to 19 are expected
LedgerPhonesUnpaired = { $count } phones for { $expected } names: each co-owner needs one, in the order of the names, separated by 、
LedgerNumbersUnpaired = { $count } identity numbers for { $expected } names: each co-owner needs one, in the order of the names, separated by 、
LedgerDigitsLost = the cell is a number, which loses the last digits: format the column as text and type it again
LedgerNumberWrong = { $found } is no valid identity number: its birth date or its last character, the checksum, is wrong
LedgerNumberLength = { $found } is no valid identity number: 18 characters are expected, it has { $length }
LedgerNumberTwice = two co-owners have the same identity number: each needs an own one
LedgerUnitTwice = this unit already stands in row { $row }: each unit is expected once
LedgerContractTwice = this contract number already stands in row { $row }: each contract is expected once
LedgerNoAmbassador = { $number } is a member of staff, but no customer ambassador
LedgerAmbassadorLeft = the account of ambassador { $number } is disabled: a successor is expected
LedgerContractOfAnother = this contract number already belongs to unit { $unit }: each contract is of one unit

# With a row of a roster or of another system's tickets.
RowFormulaFailed = the formula ended in { $error }; type the value
RowTooLong = { $letters } letters are too many; { $longest } are kept at most
RowUnknownWord = { $found } is none of { $known }
RowNoTime = { $found } is no time; 2026-03-05 14:30 is
RowNoAmount = { $found } is no amount such as 35.50
RowNoCount = { $found } is no whole number from { $least } to { $most }
RowNoTruth = { $found } is neither yes nor no
RowMissing = { $column } is missing
RowNoTelephone = { $found } is no telephone number
RowNoMobile = { $found } is no mobile number
RowAppointmentEndsFirst = the appointment ends before it begins
RowNeeds = a ticket that stands so needs { $column }
RowHasNo = a ticket that stands so has no { $column }
RowBeforeItsStep = { $column } lies before the step that precedes it
RowNoWindow = only a ticket by appointment has a window
RowNoProject = there is no project “{ $name }”
RowNumberTwice = this number stands in an earlier row
RowNoHome = there is no home { $building } { $section } { $room } there
RowNotTheirs = nobody who owns or owned this home has this number; leave the cell blank
RowStaffLeft = { $number } has left; name a successor, or let the ticket wait as ACCEPTED
RowNoStaff = there is no member of staff { $number }; load the roster first
RowNoSuchTime = no clock there showed this time: it was set forward
RowInTheFuture = { $column } lies in the future
RowLoginTaken = somebody else signs in as “{ $login }”; give another
RowAccountEnded = the account with this number was ended
RowOtherRole = { $number } has another role; an import does not change it
RowOtherLogin = { $number } signs in by another name; an import does not change it

# What was found in all.
SumOfRows = { $rows } rows: { $good } good, { $bad } bad
SumOfLedger = { $owners } owners, { $units } units, { $contracts } contracts in the good rows
SumOfRow = row { $row }, { $column }: { $what }
SumOfRowOfSheet = sheet { $sheet }, row { $row }, { $column }: { $what }
SumOfMore = … and { $more } more bad rows

# What became of it.
VerdictRefused = refused: nothing was written. Correct the bad rows, or load the good ones with --skip-bad-rows
VerdictChecked = dry run: nothing was written
VerdictWouldWrite = dry run: nothing was written; it would be { $new } new, { $changed } changed, { $same } as they are
VerdictWritten = written: { $new } new, { $changed } changed, { $same } as they were
VerdictWrittenLedger = written: { $changes }
