# What a person who loads a table is told; domain/message/import.rs lists the same.

# Why a file can't be used.
FileNotThere = { $file }: is not there; check the path
FileNotYours = { $file }: can't be read by you; ask for the right to, or copy it to where you have it
FileIsFolder = { $file }: is a folder; name the file in it
FileUnopened = { $file }: can't be opened: { $why }
FileEmpty = { $file }: is empty; choose the file that holds the table
FileProtected = { $file }: is protected by a password; open it in Excel, remove the password and save it again
FileOldExcel = { $file }: is in the old .xls format of Excel 97; open it in Excel or WPS and save it as .xlsx
FileTextNamedAsWorkbook = { $file }: is named as a workbook but holds plain text; open it in Excel and save it as .xlsx, or rename it to .csv if it is a table of separated values
FileNoWorkbook = { $file }: is damaged or no .xlsx workbook ({ $reason }); open it in Excel and save it again as .xlsx
FileNoText = { $file }: is neither a .xlsx workbook nor text in UTF-8, UTF-16 or GB18030; save it from Excel as .xlsx or as CSV UTF-8
FileNoTable = { $file }: no header row was found in the first { $searched } rows; a row with names such as { $expected } is expected above the data
FileColumnsMissing = { $file }: the header in row { $row } has no column for { $missing }; add it, or rename the column that holds it
FileColumnTwice = { $file }: the header in row { $row } names { $written } twice; rename the one that is not meant
FileSeveralLedgers = { $file }: holds a ledger in each of the sheets { $sheets }; save each sheet as a file of its own

# Why it can't be read on.
FileUnreadable = { $file }: can't be read after row { $row }: { $why }
FileDamaged = { $file }: the workbook is damaged after row { $row } ({ $reason }); open it in Excel and save it again
FileImpossible = { $file }: the workbook is damaged: it names a place that no sheet has; open it in Excel and save it again
FileOpenQuote = { $file }: the text that begins with a quotation mark in row { $row } has no end; close or remove the mark
FileLongRow = { $file }: row { $row } is longer than { $limit } bytes, which is no row of a table
NothingWritten = { $what }; nothing was written
FileChanged = the file or the company's data changed while the ledger was read; nothing was written: run it again

# On the way.
ProgressChecking = checking
ProgressWriting = writing
ReportUnwritten = the report { $file } can't be written: { $why }
ReportUnprinted = the report can't be written to standard output: { $why }

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
VerdictKnown = written: nothing: all of it is known already

# What of a ledger was written.
ChangesAndChanges = { $changes }; { $further }
ChangesNew = { $what } { $new } new
ChangesChanged = { $what } { $changed } changed
ChangesBoth = { $what } { $new } new, { $changed } changed
ChangesOfProjects = projects
ChangesOfBuildings = buildings
ChangesOfStaff = staff
ChangesOfStaffProjects = staff projects
ChangesOfOwners = owners
ChangesOfUnits = units
ChangesOfOwnerships = ownerships
ChangesOfContracts = contracts
ChangesOfWarranties = warranty items
ChangesOfAmbassadors = ambassador assignments
