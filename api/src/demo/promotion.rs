//! Before anybody signs: what the projects publish, with the reviews it went through, and what their sales sites have on
//! show.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::vocab::{
    DisclosureKind, PublicationKind, ReviewVerdict,
    ReviewVerdict::{Approved, Rejected},
    Role,
};
use uuid::Uuid;

use super::{
    company::Company,
    days::{local_day, on},
};
use crate::{
    clock::ManualClock,
    domain::disclosure::{is_certificate, required},
    error::Result,
    service::{
        Services,
        disclosure::{self, NewDeviation, NewDisclosure},
        publication::{self, NewPublication, Review},
    },
};

/// A text, and what project management and legal affairs said about it.
struct Text {
    site: usize,
    kind: PublicationKind,
    title: &'static str,
    body: &'static str,
    verdicts: [Option<(ReviewVerdict, Option<&'static str>)>; 2],
}

const TEXTS: [Text; 4] = [
    Text {
        site: 0,
        kind: PublicationKind::Brochure,
        title: "云庭楼书",
        body: "三栋住宅，人车分流，会所与中央草坪已交付使用。图中家具仅为示意。",
        verdicts: [Some((Approved, None)), Some((Approved, Some("已注明示意图，可以发布。")))],
    },
    Text {
        site: 1,
        kind: PublicationKind::FloorPlan,
        title: "湖畔 115 平方米户型图",
        body: "三室两厅两卫，南北通透。面积以实测报告为准。",
        verdicts: [Some((Approved, Some("与施工图核对一致。"))), Some((Approved, None))],
    },
    Text {
        site: 1,
        kind: PublicationKind::SalesTalk,
        title: "湖畔秋季销售说辞",
        body: "步行八分钟到湖边，对口名校，买到就是赚到。",
        verdicts: [Some((Approved, None)), Some((Rejected, Some("“对口名校”“买到就是赚到”无依据，须删除。")))],
    },
    Text {
        site: 1,
        kind: PublicationKind::Advertisement,
        title: "湖畔三号楼加推",
        body: "三号楼十一层四套房源，开放预约看房。",
        verdicts: [Some((Approved, None)), None],
    },
];

/// In the order of the texts' verdicts.
const REVIEWERS: [&str; 2] = ["GC001", "FW001"];

/// What one site has not put up.
const MISSING: (usize, DisclosureKind) = (1, DisclosureKind::RiskNotice);

/// Writes, reviews and publishes, a month and a half ago.
pub(super) async fn show(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    let day = local_day(now) - Days::new(45);
    for text in &TEXTS {
        clock.set(on(day, 10, 0));
        publish(services, clock, company, text).await?;
    }
    clock.set(on(day, 15, 0));
    for site in 0..company.projects.len() {
        disclose(services, company, site).await?;
    }
    deviations(services, company).await
}

async fn publish(services: &Services, clock: &ManualClock, company: &Company, text: &Text) -> Result<()> {
    let new = NewPublication {
        project_id: company.projects[text.site].id,
        kind: text.kind,
        title: text.title.to_owned(),
        body: text.body.to_owned(),
        idempotency_key: None,
    };
    let made = publication::create(services, &company.only(Role::SalesAgent).viewer(), new).await?;
    for (reviewer, verdict) in REVIEWERS.into_iter().zip(text.verdicts) {
        clock.advance(TimeDelta::hours(2));
        let Some((verdict, comment)) = verdict else { continue };
        let review = Review {
            publication_id: made.id,
            content_version: made.content_version,
            verdict,
            comment: comment.map(str::to_owned),
        };
        publication::review(services, &company.by_number(reviewer).viewer(), review).await?;
    }
    if text.verdicts.iter().all(|verdict| matches!(verdict, Some((Approved, _)))) {
        publication::publish(services, &company.only(Role::Manager).viewer(), made.id).await?;
    }
    Ok(())
}

async fn disclose(services: &Services, company: &Company, site: usize) -> Result<()> {
    for (number, kind) in required().enumerate().filter(|(_, kind)| (site, *kind) != MISSING) {
        let (title, body) = said(kind);
        let number = is_certificate(kind).then(|| format!("锡（2024）第 {}{:02} 号", site + 1, number + 1));
        put_up(services, company, (site, kind), (title, body), number).await?;
    }
    Ok(())
}

async fn put_up(
    services: &Services,
    company: &Company,
    (site, kind): (usize, DisclosureKind),
    (title, body): (&str, &str),
    document_number: Option<String>,
) -> Result<Uuid> {
    let new = NewDisclosure {
        project_id: company.projects[site].id,
        kind,
        title: title.to_owned(),
        body: body.to_owned(),
        document_number,
    };
    Ok(disclosure::publish(services, &company.only(Role::SalesAgent).viewer(), new).await?.id)
}

fn said(kind: DisclosureKind) -> (&'static str, &'static str) {
    match kind {
        DisclosureKind::CompanyQualification => ("房地产开发企业资质证书", "一级资质，原件悬挂于售楼处正门右侧。"),
        DisclosureKind::LandUsePermit => ("国有土地使用证", "住宅用地，使用年限七十年。"),
        DisclosureKind::LandPlanningPermit => ("建设用地规划许可证", "用地红线图见公示栏。"),
        DisclosureKind::ConstructionPlanningPermit => ("建设工程规划许可证", "总平面图见公示栏。"),
        DisclosureKind::ConstructionPermit => ("建筑工程施工许可证", "施工与监理单位见公示栏。"),
        DisclosureKind::PresalePermit => ("商品房预售许可证", "预售范围：1 至 3 号楼。"),
        DisclosureKind::DutySalesStaff => ("销售人员上岗信息", "值班：吴浩然，工号 XS001，持证上岗。"),
        DisclosureKind::UnitPrices => ("房源及价格", "一房一价表，实时更新，价外无费用。"),
        DisclosureKind::ContractSample => ("商品房买卖合同示范文本", "合同及补充协议全文可索取。"),
        DisclosureKind::RiskNotice => ("项目风险提示", "东侧规划有城市道路，北侧一百米为变电站。"),
        DisclosureKind::ComplaintChannel => ("投诉渠道", "客服热线 0510-8888-0300，二十四小时受理。"),
        DisclosureKind::ShowHomeDeviation => ("样板间差异公示", "样板间与交付标准的差异逐项列示。"),
    }
}

/// Where show homes are not like what is delivered: one that customers are told of, and one they are not told of yet.
async fn deviations(services: &Services, company: &Company) -> Result<()> {
    let (title, body) = said(DisclosureKind::ShowHomeDeviation);
    let notice = put_up(services, company, (0, DisclosureKind::ShowHomeDeviation), (title, body), None).await?;
    let found = [
        (0, "115 平方米样板间·客厅", "吊顶为平顶，无灯带", "叠级吊顶带灯带，为装饰展示", Some(notice)),
        (1, "98 平方米样板间·主卧", "内开窗，窗台高 0.9 米", "落地窗，无窗台", None),
    ];
    for (site, place, drawing, shown, notice_id) in found {
        let new = NewDeviation {
            project_id: company.projects[site].id,
            place: place.to_owned(),
            drawing_says: drawing.to_owned(),
            show_home_shows: shown.to_owned(),
            notice_id,
        };
        disclosure::record_deviation(services, &company.only(Role::SalesAgent).viewer(), new).await?;
    }
    Ok(())
}
