# What a person who loads a table is told; domain/message/import.rs lists the same.

# What is wrong with a row of a ledger.
LedgerFormulaFailed = 单元格公式出错（{ $error }）：请填写具体的值
LedgerNoProject = 缺少项目；合并的单元格须逐行填写
LedgerNoBuilding = 缺少楼栋；合并的单元格须逐行填写
LedgerNoRoom = 缺少房号；合并的单元格须逐行填写
LedgerAreaNotPositive = 面积为{ $found }：须大于 0 ㎡
LedgerNoArea = { $found }不是面积：须为平方米数，如 89.50
LedgerHandoverBeforeSigning = 交付日期 { $handover } 早于签约日期 { $signed }
LedgerNoDay = { $found }不是日期：应如 2024-03-05 或 2024年3月5日
LedgerTooLong = { $found }超过此处最多 { $longest } 个字符
LedgerNoName = 缺少业主姓名
LedgerNameTooLong = 姓名{ $found }超过 { $longest } 个字符
LedgerNoPhone = 缺少联系电话
LedgerNoPhoneOfOne = 有共有人缺少联系电话
LedgerBadPhone = { $found }不是手机号码：应为以 13 至 19 开头的 11 位数字
LedgerPhonesUnpaired = { $expected } 个姓名对应 { $count } 个电话：每位共有人须各填一个，与姓名顺序一致，以“、”分隔
LedgerNumbersUnpaired = { $expected } 个姓名对应 { $count } 个证件号码：每位共有人须各填一个，与姓名顺序一致，以“、”分隔
LedgerDigitsLost = 单元格为数字格式，末尾几位已丢失：请将该列设为文本后重新输入
LedgerNumberWrong = { $found }不是有效的证件号码：出生日期或末位校验码有误
LedgerNumberLength = { $found }不是有效的证件号码：应为 18 位，实为 { $length } 位
LedgerNumberTwice = 两位共有人的证件号码相同：每人须各有一个
LedgerUnitTwice = 该房屋已在第 { $row } 行出现：每套房屋只应有一行
LedgerContractTwice = 该合同编号已在第 { $row } 行出现：每份合同只应有一行
LedgerNoAmbassador = { $number } 是员工，但不是客户大使
LedgerAmbassadorLeft = 客户大使 { $number } 的账号已停用：请填写接任者
LedgerContractOfAnother = 该合同编号已属于房屋 { $unit }：一份合同只对应一套房屋

# With a row of a roster or of another system's tickets.
RowFormulaFailed = 公式结果为 { $error }；请直接填写值
RowTooLong = { $letters } 个字符过长；最多保留 { $longest } 个
RowUnknownWord = { $found }不在以下各项之中：{ $known }
RowNoTime = { $found }不是时间；应如 2026-03-05 14:30
RowNoAmount = { $found }不是金额；应如 35.50
RowNoCount = { $found }不是 { $least } 至 { $most } 的整数
RowNoTruth = { $found }既不是“是”也不是“否”
RowMissing = 缺少{ $column }
RowNoTelephone = { $found }不是电话号码
RowNoMobile = { $found }不是手机号码
RowAppointmentEndsFirst = 预约结束早于预约开始
RowNeeds = 此状态的工单须填写{ $column }
RowHasNo = 此状态的工单不应有{ $column }
RowBeforeItsStep = { $column }早于前一步骤的时间
RowNoWindow = 只有预约工单才有预约时段
RowNoProject = 没有项目“{ $name }”
RowNumberTwice = 此编号已在前面的行出现
RowNoHome = 该项目没有房屋 { $building } { $section } { $room }
RowNotTheirs = 该房屋的现任或前任业主均无此号码；请留空
RowStaffLeft = { $number } 已离职；请填写接任者，或将状态改为“已受理”
RowNoStaff = 没有员工 { $number }；请先导入花名册
RowNoSuchTime = 当地时钟拨快，不存在此时间
RowInTheFuture = { $column }在未来
RowLoginTaken = 登录名“{ $login }”已被他人使用；请另取一个
RowAccountEnded = 此工号的账号已停用
RowOtherRole = { $number } 的角色不同；导入不会更改角色
RowOtherLogin = { $number } 的登录名不同；导入不会更改登录名

# What was found in all.
SumOfRows = 共 { $rows } 行：{ $good } 行正确，{ $bad } 行有误
SumOfLedger = 正确的行中有业主 { $owners } 位、房屋 { $units } 套、合同 { $contracts } 份
SumOfRow = 第 { $row } 行，{ $column }：{ $what }
SumOfRowOfSheet = 工作表 { $sheet } 第 { $row } 行，{ $column }：{ $what }
SumOfMore = ……另有 { $more } 行有误

# What became of it.
VerdictRefused = 已拒绝：未写入任何内容。请更正有误的行，或用 --skip-bad-rows 只导入正确的行
VerdictChecked = 试运行：未写入任何内容
VerdictWouldWrite = 试运行：未写入任何内容；将新增 { $new }、更改 { $changed }、保持不变 { $same }
VerdictWritten = 已写入：新增 { $new }、更改 { $changed }、保持不变 { $same }
VerdictWrittenLedger = 已写入：{ $changes }
