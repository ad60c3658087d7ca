# What the values of the API's closed lists are called. Each value of each list of the schema is here.

ActivityKind =
    .CLUB_EVENT = 客户俱乐部活动
    .OPEN_DAY = 工地开放日
    .LECTURE = 装修讲座

ActivityStatus =
    .DRAFT = 草稿
    .PUBLISHED = 已发布
    .CLOSED = 已关闭
    .CANCELLED = 已取消

AppointmentKind =
    .SIGNING = 签约
    .CONSULTATION = 咨询

AppointmentStatus =
    .BOOKED = 已预约
    .CHECKED_IN = 已签到
    .IN_SERVICE = 接待中
    .DONE = 已完成
    .CANCELLED = 已取消
    .NO_SHOW = 未到访

AreaTransferStatus =
    .PLANNED = 已计划
    .APPLIED = 已执行
    .CANCELLED = 已取消
    .FAILED = 失败

ArticleAudience =
    .STAFF = 仅员工
    .EVERYONE = 所有人

ArticleStatus =
    .DRAFT = 草稿
    .PUBLISHED = 已发布
    .RETIRED = 已停用

BatchKind =
    .CENTRALISED = 集中整改
    .WARRANTY = 保修期到期整改

BatchStatus =
    .COLLECTING = 汇总中
    .SENT = 已发出
    .COMPLETED = 已完成

BulletinKind =
    .GENERAL = 一般通知
    .FEES = 收费通知
    .OUTAGE = 停水停电
    .WORKS = 施工维护
    .MILESTONE = 工程进展
    .WARRANTY = 保修期到期
    .EMERGENCY = 紧急通知

CertificateFault =
    .WRONG_NAME = 证书域名不符
    .EXPIRED = 证书已过期
    .NOT_YET_VALID = 证书尚未生效
    .UNKNOWN_AUTHORITY = 证书颁发机构不受信任
    .OTHER = 证书无效

Channel =
    .PHONE = 电话
    .WECHAT = 微信
    .APP = 应用
    .SMS = 短信
    .EMAIL = 电子邮件
    .WALK_IN = 来访
    .WEBSITE = 网站
    .BUTLER = 管家

ContractStatus =
    .DRAFT = 草稿
    .SIGNED = 已签约
    .HANDED_OVER = 已交付
    .TERMINATED = 已终止

DeliveryFailure =
    .UNAVAILABLE = 对方不可达
    .REFUSED = 对方拒收

DeliveryStatus =
    .WAITING = 待发送
    .SENT = 已送达
    .DROPPED = 不再发送
    .DEAD = 发送失败

Department =
    .SALES = 销售部
    .CUSTOMER_SERVICE = 客服部
    .PROJECT_MANAGEMENT = 项目管理部
    .COST = 成本部
    .FINANCE = 财务部
    .LEGAL = 法务
    .PROPERTY_COMPANY = 物业公司
    .GROUP_MARKETING = 集团营销中心
    .GROUP_PROPERTY = 集团物业管理部

DevicePlatform =
    .IOS = iOS
    .ANDROID = 安卓
    .HARMONY = 鸿蒙
    .WEB = 浏览器

Direction =
    .INBOUND = 来访来电
    .OUTBOUND = 去访去电

DisclosureKind =
    .COMPANY_QUALIFICATION = 企业资质证书
    .LAND_USE_PERMIT = 国有土地使用证
    .LAND_PLANNING_PERMIT = 建设用地规划许可证
    .CONSTRUCTION_PLANNING_PERMIT = 建设工程规划许可证
    .CONSTRUCTION_PERMIT = 建筑工程施工许可证
    .PRESALE_PERMIT = 商品房预售许可证
    .DUTY_SALES_STAFF = 销售人员上岗信息
    .UNIT_PRICES = 房源及价格信息
    .CONTRACT_SAMPLE = 签约合同文本
    .RISK_NOTICE = 项目风险提示
    .COMPLAINT_CHANNEL = 投诉渠道
    .SHOW_HOME_DEVIATION = 样板间差异公示

DocumentKind =
    .IDENTITY_DOCUMENT = 身份证明
    .SUBSCRIPTION_AGREEMENT = 认购书
    .PURCHASE_CONTRACT = 商品房买卖合同
    .PAYMENT_RECEIPT = 付款凭证
    .HANDOVER_FORM = 入住登记表
    .MEASURED_AREA_REPORT = 实测面积报告
    .PROPERTY_SERVICE_AGREEMENT = 前期物业服务协议
    .RENOVATION_PERMIT = 装修申请
    .RENOVATION_ACCEPTANCE = 装修验收

FigureComparison =
    .AT_LEAST = 不低于
    .EXACTLY = 等于

FigureItemKind =
    .TICKET = 工单
    .OWNER = 客户
    .REQUIRED_DOCUMENT = 必备资料
    .STAFF = 员工
    .HOME = 住户
    .SURVEY_ANSWER = 问卷答案
    .INCIDENT = 事故
    .INSPECTION = 巡检

FigureKey =
    .SATISFACTION_INDEX = 满意度指数
    .SAFETY_INCIDENTS = 重大安全责任事故
    .FIRE_INCIDENTS = 重大火灾责任事故
    .EQUIPMENT_INCIDENTS = 重大设备管理责任事故
    .TRAINING_RATE = 上岗培训率
    .FILING_RATE = 档案归档率
    .FILE_COMPLETENESS = 档案完整率
    .REPAIR_TIMELINESS = 维修及时率
    .REPAIR_QUALITY = 维修质量合格率
    .FOLLOW_UP_RATE = 回访率
    .COMPLAINT_HANDLING = 有效投诉处理率
    .COMPLAINT_REPLY_24H = 投诉24小时回复率
    .COMPLAINT_SIGNOFF = 投诉人签字满意率
    .EQUIPMENT_SOUND = 公共设备设施完好率
    .BUILDING_SOUND = 房屋建筑完好率
    .GREENERY_ALIVE = 绿化存活率
    .ROADS_SOUND = 道路停车场完好率
    .CLEANING_COVERAGE = 清洁无盲点
    .GUARD_COVERAGE = 24小时立岗
    .URGENT_REACTION = 紧急情况处理速度
    .MILESTONE_COVERAGE = 工程节点通报覆盖率
    .WARRANTY_NOTICE_COVERAGE = 保修到期告知覆盖率
    .AMBASSADOR_COVERAGE = 客户大使覆盖率

FigureUnit =
    .PERCENT = 百分比
    .COUNT = 数量

HandoverStatus =
    .BOOKED = 已预约
    .IN_PROGRESS = 办理中
    .COMPLETED = 已完成
    .CANCELLED = 已取消

HandoverStepKind =
    .FLOW_SHOWN = 流程公示
    .COMPLETION_DOCUMENTS_SHOWN = 竣工验收文件公示
    .MEASURED_AREA_REPORT_SHOWN = 实测报告公示
    .HOME_INSPECTED = 验房
    .METERS_READ = 水电气表底数
    .KEYS_HANDED_OVER = 钥匙移交
    .WARRANTY_PAPERS_HANDED_OVER = 住宅质量保证书、使用说明书移交
    .SIGNED_BY_OWNER = 客户签字

IncidentKind =
    .SAFETY = 安全
    .FIRE = 消防
    .EQUIPMENT = 设备

IncidentSeverity =
    .MINOR = 一般
    .MAJOR = 较大
    .SERIOUS = 重大

InspectionSubject =
    .EQUIPMENT = 公共设备设施
    .BUILDING = 房屋建筑
    .GREENERY = 绿化
    .CLEANING = 清洁
    .ROADS_AND_PARKING = 道路停车场
    .SECURITY_POST = 保安岗

JourneyStatus =
    .OVERDUE = 已逾期
    .DUE = 待办
    .UPCOMING = 未到时间
    .DONE = 已完成
    .NOT_APPLICABLE = 不适用

Language =
    .ZH = 简体中文
    .EN = 英语

LectureStatus =
    .DRAFT = 草稿
    .PUBLISHED = 已发布
    .CLOSED = 已结束
    .CANCELLED = 已取消

MilestoneKind =
    .SAMPLE_AREA_OPEN = 样板示范区开放
    .STRUCTURE_TOPPED_OUT = 主体结构封顶
    .EXTERIOR_FINISHED = 外装修工程竣工
    .INTERIOR_AND_MEP_FINISHED = 内装修及机电安装工程竣工
    .MUNICIPAL_WORKS_FINISHED = 市政配套竣工
    .LANDSCAPE_FINISHED = 外围园林竣工
    .COMPLETION_ACCEPTED = 整体竣工验收通过
    .PROPERTY_TAKEOVER_ACCEPTED = 物业接管验收通过
    .UTILITIES_CONNECTED = 各项市政管线接驳贯通
    .HANDOVER_SAMPLE_OPEN = 收楼样板区开放

NotificationChannel =
    .EMAIL = 电子邮件
    .SMS = 短信
    .WECHAT = 微信
    .PUSH = 推送

NotificationKind =
    .TICKET_REPORTED = 新报事
    .TICKET_ACCEPTED = 已受理
    .TICKET_ASSIGNED = 派单
    .TICKET_DISPATCHED = 已派人
    .TICKET_STARTED = 开始处理
    .TICKET_ON_HOLD = 暂停
    .TICKET_RESOLVED = 待确认
    .TICKET_CONFIRMED = 已确认
    .TICKET_REJECTED = 退回
    .TICKET_CLOSED = 已关闭
    .TICKET_ESCALATED = 升级
    .TICKET_CANCELLED = 取消
    .TICKET_REOPENED = 重开
    .TICKET_RESCHEDULED = 改期
    .TICKET_RETURNED = 回到队列
    .TICKET_OVERDUE = 超时
    .BULLETIN_PUBLISHED = 公告
    .MILESTONE_REACHED = 工程进展
    .WARRANTY_ENDING = 保修到期
    .SURVEY_INVITED = 满意度调查
    .HANDOVER_BOOKED = 收房预约
    .HANDOVER_RESCHEDULED = 收房改期
    .HANDOVER_CANCELLED = 收房取消

OwnerStage =
    .PROSPECT = 潜在客户
    .SIGNED = 成交
    .HANDED_OVER = 收房
    .RENOVATING = 装修
    .RESIDENT = 长期居住
    .FORMER = 已离开

PrincipalKind =
    .OWNER = 客户
    .STAFF = 员工
    .PARTNER = 合作商家
    .SYSTEM = 系统

PublicHolidays =
    .CHINA = 中国大陆

PublicationKind =
    .SALES_TALK = 销售说辞
    .BROCHURE = 楼书
    .FLOOR_PLAN = 户型图
    .ADVERTISEMENT = 广告

PublicationStatus =
    .DRAFT = 草稿
    .PUBLISHED = 已发布
    .WITHDRAWN = 已撤下

PushService =
    .WEB_PUSH = 网页推送
    .FCM = 谷歌推送（FCM）
    .APNS = 苹果推送（APNs）
    .HMS = 华为推送（HMS）

RegistrationStatus =
    .REGISTERED = 已报名
    .WAITLISTED = 候补
    .CANCELLED = 已取消

ReviewVerdict =
    .APPROVED = 通过
    .REJECTED = 否决

Role =
    .AMBASSADOR = 客户大使
    .TECHNICIAN = 维修人员
    .SERVICE_AGENT = 客服
    .SALES_AGENT = 置业顾问
    .MANAGER = 经理
    .GROUP_SUPERVISOR = 集团监督
    .AUDITOR = 审计
    .ADMIN = 系统管理员

RootCause =
    .DESIGN = 设计
    .WORKMANSHIP = 施工质量
    .MATERIAL = 材料设备
    .SLOW_RESPONSE = 响应不及时
    .ATTITUDE = 服务态度
    .MISINFORMATION = 信息不准确
    .FEES = 收费
    .ENVIRONMENT = 环境卫生
    .SECURITY = 安全秩序
    .NEIGHBOURS = 邻里
    .OTHER = 其他

SurveyDimension =
    .CONTENT = 内容
    .QUALITY = 质量
    .ATTITUDE = 态度
    .TIMELINESS = 时效
    .ENVIRONMENT = 环境

SurveyGrouping =
    .PROJECT = 按项目
    .DEPARTMENT = 按部门
    .AMBASSADOR = 按客户大使
    .MONTH = 按月份

SurveyInvitationStatus =
    .OPEN = 待作答
    .SUBMITTED = 已提交
    .EXPIRED = 已截止

SurveyKind =
    .SALES = 销售满意度
    .HANDOVER = 交付满意度
    .CENTRALISED_RECTIFICATION = 集中整改满意度
    .RECTIFICATION = 房屋整改满意度
    .PROPERTY_SERVICE = 物业服务满意度

SurveyQuestionKind =
    .RATING = 评分
    .NPS = 推荐意愿
    .SINGLE_CHOICE = 单选
    .MULTIPLE_CHOICE = 多选
    .TEXT = 文字

SurveyTemplateStatus =
    .DRAFT = 草稿
    .ACTIVE = 使用中
    .RETIRED = 已停用

TaskStatus =
    .OPEN = 待办
    .DONE = 已完成

TicketAction =
    .CREATE = 报事
    .ACCEPT = 受理
    .ASSIGN = 派单
    .START = 到场
    .HOLD = 暂停
    .RESUME = 恢复
    .RESOLVE = 处理完成
    .CONFIRM = 确认
    .REJECT = 退回
    .RECORD_FOLLOW_UP = 回访
    .ESCALATE = 升级
    .CANCEL = 取消
    .REOPEN = 重开
    .TRIAGE = 判定
    .RESCHEDULE = 改期
    .RETURN_TO_QUEUE = 回到队列
    .COLLECT = 汇入批次
    .RESPOND_BREACHED = 响应超时
    .ARRIVE_BREACHED = 到场超时
    .RESOLVE_BREACHED = 处理超时

TicketActionStatus =
    .APPLIED = 已执行
    .CONFLICT = 已被他人处理
    .REFUSED = 未获执行
    .SKIPPED = 未尝试
    .RETRY = 待重试

TicketCategory =
    .PLUMBING = 给排水
    .ELECTRICAL = 电气
    .WATERPROOFING = 防水渗漏
    .DOORS_AND_WINDOWS = 门窗
    .HEATING_AND_COOLING = 供暖制冷
    .STRUCTURE = 主体结构
    .FITTINGS = 装饰与设备
    .ELEVATOR = 电梯
    .PUBLIC_AREA = 公共区域
    .CLEANING = 保洁
    .GREENERY = 绿化
    .SECURITY = 安保
    .PARKING = 停车
    .NOISE = 噪音
    .FEES = 收费
    .SERVICE_ATTITUDE = 服务态度
    .OTHER = 其他

TicketKind =
    .REPAIR = 报修
    .COMPLAINT = 投诉
    .INQUIRY = 咨询
    .SUGGESTION = 建议
    .RECTIFICATION = 整改

TicketOrder =
    .CREATED_AT_DESC = 最新在前
    .CREATED_AT_ASC = 最早在前
    .DEADLINE_ASC = 最紧迫在前

TicketStatus =
    .SUBMITTED = 待受理
    .ACCEPTED = 已受理
    .ASSIGNED = 已派单
    .IN_PROGRESS = 处理中
    .ON_HOLD = 已暂停
    .RESOLVED = 待确认
    .CONFIRMED = 已确认
    .CLOSED = 已关闭
    .CANCELLED = 已取消

TouchpointAnchor =
    .FIRST_CONTACT = 首次接触
    .SIGNED = 签约日
    .HANDOVER_DUE = 约定交付日
    .HANDED_OVER = 交付日
    .WARRANTY_EXPIRY = 保修到期告知日

Triage =
    .VALID = 有效
    .INVALID = 无效

Urgency =
    .URGENT = 急修
    .NORMAL = 普通
    .APPOINTMENT = 预约

UserErrorCode =
    .REQUIRED = 必填
    .TOO_LONG = 过长
    .OUT_OF_RANGE = 超出范围
    .IN_THE_PAST = 时间已过
    .INVALID = 不正确
    .NOT_FOUND = 不存在
    .CONFLICT = 已被他人修改
    .ILLEGAL_TRANSITION = 当前状态不允许
    .TOO_EARLY = 未到时间
    .TOO_LATE = 已过时间
    .THROTTLED = 尝试过多
    .WRONG_CREDENTIALS = 验证失败
    .EXPIRED = 已过期
    .KEY_REUSED = 幂等键重复使用
    .NOT_AVAILABLE = 不可用
    .INCOMPLETE = 尚不完整
    .SKIPPED = 未尝试
    .FORBIDDEN = 无权操作
    .BUSY = 服务繁忙
    .INTERNAL = 系统故障

WarrantyPart =
    .WATERPROOFING = 防水
    .HEATING_AND_COOLING = 供暖与制冷
    .WIRING = 电气管线
    .PLUMBING = 给排水管道
    .FITTINGS = 装修与设备
    .STRUCTURE = 主体结构

WarrantyTermScope =
    .COMPANY = 全公司
    .PROJECT = 项目
    .CONTRACT = 合同

WebhookDeliveryStatus =
    .WAITING = 待发送
    .DELIVERED = 已送达
    .DEAD = 已放弃

WebhookDisabledReason =
    .GONE = 地址已失效
    .FAILING = 持续失败

WebhookEventKind =
    .TICKET_EVENT = 工单事件
    .SURVEY_SUBMITTED = 满意度调查已提交
    .HANDOVER_COMPLETED = 收房已完成

WebhookFailure =
    .ANSWERED = 对方拒收
    .UNREACHABLE = 对方不可达
    .TOO_SLOW = 响应超时
    .ADDRESS_REFUSED = 地址不允许调用

WebhookStatus =
    .ACTIVE = 启用
    .PAUSED = 已暂停
    .DISABLED = 已停用

Weekday =
    .MONDAY = 星期一
    .TUESDAY = 星期二
    .WEDNESDAY = 星期三
    .THURSDAY = 星期四
    .FRIDAY = 星期五
    .SATURDAY = 星期六
    .SUNDAY = 星期日
