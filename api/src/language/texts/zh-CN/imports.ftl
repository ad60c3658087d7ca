# What a person who loads a table is told; domain/message/import.rs lists the same.

# Why a file can't be used.
FileNotThere = { $file }：没有此文件；请检查路径
FileNotYours = { $file }：您无权读取；请申请权限，或将其复制到有权读取之处
FileIsFolder = { $file }：是文件夹；请指定其中的文件
FileUnopened = { $file }：无法打开：{ $why }
FileEmpty = { $file }：是空文件；请选择存有表格的文件
FileProtected = { $file }：设有密码；请在 Excel 中打开，取消密码后重新保存
FileOldExcel = { $file }：是 Excel 97 的旧格式 .xls；请在 Excel 或 WPS 中打开，另存为 .xlsx
FileTextNamedAsWorkbook = { $file }：名为工作簿，内容却是纯文本；请在 Excel 中打开并另存为 .xlsx，若是以分隔符分列的表格，请改名为 .csv
FileNoWorkbook = { $file }：已损坏，或不是 .xlsx 工作簿（{ $reason }）；请在 Excel 中打开，重新另存为 .xlsx
FileNoText = { $file }：既不是 .xlsx 工作簿，也不是 UTF-8、UTF-16 或 GB18030 文本；请从 Excel 另存为 .xlsx 或 CSV UTF-8
FileNoTable = { $file }：前 { $searched } 行中没有表头；数据上方须有一行列名，如{ $expected }
FileColumnsMissing = { $file }：第 { $row } 行的表头缺少列{ $missing }；请补上该列，或将存有其内容的列改为此名
FileColumnTwice = { $file }：第 { $row } 行的表头两次出现{ $written }；请将多余的一列改名
FileSeveralLedgers = { $file }：工作表{ $sheets }中各有一份台账；请将每张工作表另存为单独的文件

# Why it can't be read on.
FileUnreadable = { $file }：第 { $row } 行之后无法读取：{ $why }
FileDamaged = { $file }：工作簿自第 { $row } 行之后已损坏（{ $reason }）；请在 Excel 中打开并重新保存
FileImpossible = { $file }：工作簿已损坏：其中的位置超出了工作表；请在 Excel 中打开并重新保存
FileOpenQuote = { $file }：第 { $row } 行以引号开头的文字没有结尾；请补上或删除引号
FileLongRow = { $file }：第 { $row } 行超过 { $limit } 字节，不会是表格中的一行
NothingWritten = { $what }；未写入任何内容
FileChanged = 读取台账期间，文件或公司的数据有变动；未写入任何内容：请重新运行

# On the way.
ProgressChecking = 检查
ProgressWriting = 写入
ReportUnwritten = 报告 { $file } 无法写入：{ $why }
ReportUnprinted = 报告无法写入标准输出：{ $why }

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
VerdictKnown = 未写入任何内容：全部内容均已存在

# What of a ledger was written.
ChangesAndChanges = { $changes }；{ $further }
ChangesNew = { $what }新增 { $new }
ChangesChanged = { $what }更改 { $changed }
ChangesBoth = { $what }新增 { $new }、更改 { $changed }
ChangesOfProjects = 项目
ChangesOfBuildings = 楼栋
ChangesOfStaff = 员工
ChangesOfStaffProjects = 员工所属项目
ChangesOfOwners = 业主
ChangesOfUnits = 房屋
ChangesOfOwnerships = 产权
ChangesOfContracts = 合同
ChangesOfWarranties = 保修项目
ChangesOfAmbassadors = 客户大使分配
