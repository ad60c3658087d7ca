//! What people do in a year beside tickets: they sell and buy, take homes over, answer surveys, go to lectures, walk
//! rounds, hand areas over, fall ill, and build.

use anju::{
    domain::inspection::PointResult,
    error::{Error, Result},
    service::{
        activity::{self, NewActivity},
        area::{self, NewTransfer},
        bulletin::{self, NewBulletin},
        company::{self, NewAbsence},
        contract::{self, NewContract},
        handover::{self, Booking, Mark, NewSlot, Target},
        inspection::{self, NewPlan, NewRound},
        milestone, registration,
        survey::answer::{self, Reply},
    },
    store::area::Area,
};
use chrono::{Days, TimeDelta};
use entity::{
    activity_registration, contract_clause, handover_step, inspection_point, survey_invitation, survey_question,
    ticket,
    vocab::{
        ActivityKind, BulletinKind, Department, HandoverStepKind, InspectionSubject, InvitationStatus, MilestoneKind,
        QuestionKind, RegistrationStatus, TicketStatus, Urgency,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::town::{LIVED_IN, SIGNED, Town};
use crate::harness::dice::Dice;

/// The life of the town, and what it has come to.
#[derive(Default)]
pub struct Life {
    pub sold: usize,
    pub handed_over: usize,
    pub answered: usize,
    visit: Option<Uuid>,
    lecture: Option<Uuid>,
    plan: Option<Uuid>,
}

/// What came of it, unless it was refused. Refusals are part of life; failures are not.
pub fn lived<T>(outcome: Result<T>) -> Option<T> {
    match outcome {
        Ok(it) => Some(it),
        Err(Error::Invalid(_) | Error::Forbidden(_) | Error::NotFound(_)) => None,
        Err(error) => panic!("a failure: {error:?}"),
    }
}

impl Life {
    /// One hour, counted from the midnight with which the year began.
    pub async fn hour(&mut self, town: &Town, dice: &mut Dice, hour: usize) {
        let (day, hour) = (hour / 24, hour % 24);
        match hour {
            9 => self.morning(town, day).await,
            10 => self.answer(town, dice).await,
            14 => self.visit(town).await,
            16 if day % 6 == 3 => self.sell(town).await,
            18 => self.register(town, dice).await,
            _ => {}
        }
    }

    async fn morning(&mut self, town: &Town, day: usize) {
        match day {
            45 => reach(town, Some(0), MilestoneKind::ExteriorFinished).await,
            60 => hand_over_area(town, 0).await,
            90 => take_leave(town).await,
            150 => reach(town, None, MilestoneKind::CompletionAccepted).await,
            200 => hand_over_area(town, 2).await,
            _ => {}
        }
        if day % 30 == 10 {
            publish(town, day).await;
        }
        if day % 30 == 20 {
            fall_ill(town).await;
        }
        if day % 7 == 1 {
            self.round(town, day).await;
        }
        if day % 8 == 4 {
            self.book(town).await;
        }
        if day % 14 == 5 {
            self.announce(town, day).await;
        }
    }

    /// A prospect buys the next home that is for sale.
    async fn sell(&mut self, town: &Town) {
        let number = SIGNED + self.sold;
        let Some(home) = town.homes.get(number) else { return };
        let services = town.server(number);
        let new = NewContract {
            unit_id: home.unit_id,
            number: format!("HT-{number}"),
            buyer_ids: vec![home.owner_id],
            handover_due_on: None,
            clauses: vec![("付款".into(), "按期付款".into())],
        };
        let draft = contract::draft(services, &town.sales, new).await.unwrap();
        let clauses = contract_clause::Entity::find().filter(contract_clause::Column::ContractId.eq(draft.id));
        for clause in clauses.all(services.db.reader()).await.unwrap() {
            contract::acknowledge(services, &town.owner(number), clause.id, None).await.unwrap();
        }
        contract::sign(services, &town.sales, draft.id, None).await.unwrap();
        self.sold += 1;
    }

    /// The next of those who wait for their home books a time for it.
    async fn book(&mut self, town: &Town) {
        let number = LIVED_IN + self.handed_over;
        if number >= SIGNED {
            return;
        }
        let (services, agent) = (town.server(number), &town.agents[0]);
        let starts_at = services.now() + TimeDelta::hours(4);
        let slots = [NewSlot { starts_at, ends_at: starts_at + TimeDelta::hours(2), capacity: 3 }];
        let slots = handover::create_slots(services, &town.manager, (town.project_id, None), &slots).await.unwrap();
        let unit_id = town.homes[number].unit_id;
        let booking = Booking { unit_id, slot_id: slots[0].id, owner_id: None, idempotency_key: None };
        let booked = handover::book(services, &town.owner(number), booking).await.unwrap();
        let target = Target { handover_id: booked.id, expected_version: None };
        handover::accompany(services, &town.manager, target, agent.staff_id().unwrap()).await.unwrap();
        self.visit = Some(booked.id);
    }

    async fn visit(&mut self, town: &Town) {
        let Some(handover_id) = self.visit.take() else { return };
        let (services, agent) = (town.server(self.handed_over), &town.agents[0]);
        let target = || Target { handover_id, expected_version: None };
        handover::start(services, agent, target()).await.unwrap();
        let steps = handover_step::Entity::find().filter(handover_step::Column::HandoverId.eq(handover_id));
        for step in steps.all(services.db.reader()).await.unwrap() {
            let note = (step.kind == HandoverStepKind::MetersRead).then(|| "水12 电34".to_owned());
            let mark = Mark { kind: step.kind, is_ticked: true, note };
            handover::mark(services, agent, target(), mark).await.unwrap();
        }
        handover::complete(services, agent, target()).await.unwrap();
        self.handed_over += 1;
    }

    /// Some of those who were asked answer.
    async fn answer(&mut self, town: &Town, dice: &mut Dice) {
        use survey_invitation::Column;
        let services = town.server(dice.below(2));
        let open = survey_invitation::Entity::find()
            .filter(Column::Status.eq(InvitationStatus::Open))
            .filter(Column::ExpiresAt.gt(services.now()))
            .all(services.db.reader())
            .await
            .unwrap();
        if open.is_empty() {
            return;
        }
        let questions = survey_question::Entity::find().all(services.db.reader()).await.unwrap();
        let campaigns = entity::survey_campaign::Entity::find().all(services.db.reader()).await.unwrap();
        for invitation in open.iter().filter(|_| dice.happens(800)).collect::<Vec<_>>() {
            let campaign = campaigns.iter().find(|campaign| campaign.id == invitation.campaign_id).unwrap();
            let asked = questions.iter().filter(|it| it.template_id == campaign.template_id && it.is_required);
            let answers = asked.map(|question| (question.id, Some(reply(question.kind, dice)))).collect();
            let reply = Reply { invitation_id: invitation.id, answers, channel: None, idempotency_key: None };
            let number = town.homes.iter().position(|home| Some(home.owner_id) == invitation.owner_id).unwrap();
            answer::submit(services, &town.owner(number), reply).await.unwrap();
            self.answered += 1;
        }
    }

    /// A lecture with few seats.
    async fn announce(&mut self, town: &Town, day: usize) {
        let services = town.server(day);
        let starts_at = services.now() + TimeDelta::days(6);
        let new = NewActivity {
            project_id: town.project_id,
            kind: ActivityKind::ClubEvent,
            partner_id: None,
            title: "业主活动".into(),
            description: None,
            starts_at,
            ends_at: starts_at + TimeDelta::hours(2),
            venue: "会所".into(),
            capacity: 8,
            priority_until: None,
        };
        let planned = activity::create(services, &town.manager, new).await.unwrap();
        self.lecture = Some(activity::publish(services, &town.manager, planned.id).await.unwrap().id);
    }

    /// Some register, and now and then one of them can't come after all.
    async fn register(&mut self, town: &Town, dice: &mut Dice) {
        let Some(lecture) = self.lecture else { return };
        let services = town.server(dice.below(2));
        for _ in 0..3 {
            let number = dice.below(LIVED_IN);
            lived(registration::register(services, &town.owner(number), lecture, None).await);
        }
        if dice.happens(4_000) {
            use activity_registration::Column;
            let seats = activity_registration::Entity::find()
                .filter(Column::ActivityId.eq(lecture))
                .filter(Column::Status.eq(RegistrationStatus::Registered))
                .all(services.db.reader())
                .await
                .unwrap();
            let Some(seat) = seats.first() else { return };
            let number = town.homes.iter().position(|home| home.owner_id == seat.owner_id).unwrap();
            lived(registration::cancel(services, &town.owner(number), seat.id).await);
        }
    }

    /// The weekly round through the plant rooms; every fourth finds something.
    async fn round(&mut self, town: &Town, day: usize) {
        let services = town.server(day);
        let plan_id = match self.plan {
            Some(id) => id,
            None => {
                let new = NewPlan {
                    project_id: town.project_id,
                    building_id: None,
                    subject: InspectionSubject::Equipment,
                    name: "设备房".into(),
                    every_days: 7,
                    department: Department::CustomerService,
                    starts_on: services.now().date_naive() + Days::new(1),
                    points: vec!["水泵".into(), "配电".into()],
                };
                inspection::create_plan(services, &town.manager, new).await.unwrap().id
            }
        };
        self.plan = Some(plan_id);
        let points = inspection_point::Entity::find().filter(inspection_point::Column::PlanId.eq(plan_id));
        let points = points.all(services.db.reader()).await.unwrap().into_iter().map(|point| {
            let is_sound = day % 28 != 1 || point.position > 1;
            PointResult {
                point_id: point.id,
                is_sound,
                finding: (!is_sound).then(|| "漏水".into()),
                opens_ticket: !is_sound,
                urgency: Urgency::Normal,
            }
        });
        let points = points.collect();
        let new =
            NewRound { plan_id, performed_by: None, performed_at: None, points, note: None, idempotency_key: None };
        inspection::record(services, &town.manager, new).await.unwrap();
    }
}

fn reply(kind: QuestionKind, dice: &mut Dice) -> String {
    match kind {
        QuestionKind::Rating => (1 + dice.below(5)).to_string(),
        QuestionKind::Nps => dice.below(11).to_string(),
        QuestionKind::SingleChoice => "no".into(),
        QuestionKind::MultipleChoice => "[]".into(),
        QuestionKind::Text => "好".into(),
    }
}

async fn reach(town: &Town, building: Option<usize>, kind: MilestoneKind) {
    let building_id = building.map(|number| town.buildings[number]);
    let mark = milestone::Mark { project_id: town.project_id, building_id, kind };
    milestone::reach(town.server(0), &town.manager, mark, None, None).await.unwrap();
}

/// Something that everybody with a home is to know, also who buys one in the weeks after.
async fn publish(town: &Town, day: usize) {
    let new = NewBulletin {
        project_id: town.project_id,
        building_id: None,
        unit_id: None,
        kind: BulletinKind::Fees,
        title: format!("第{day}天公告"),
        body: "请按时缴费".into(),
        is_emergency: false,
    };
    bulletin::publish(town.server(day), &town.agents[0], new, None).await.unwrap();
}

/// The households of a building get another ambassador in three hours.
async fn hand_over_area(town: &Town, number: usize) {
    let services = town.server(number);
    let new = NewTransfer {
        area: Area { project_id: town.project_id, building_id: Some(town.buildings[number]) },
        from: town.ambassadors[number].staff_id().unwrap(),
        to: town.ambassadors[number + 1].staff_id().unwrap(),
        effective_at: Some(services.now() + TimeDelta::hours(3)),
        reason: "调整片区".into(),
    };
    area::transfer(services, &town.manager, new).await.unwrap();
}

/// An ambassador is away with somebody standing in.
async fn take_leave(town: &Town) {
    absent(town, town.ambassadors[4].staff_id().unwrap(), town.ambassadors[5].staff_id()).await;
}

/// A technician with work in hand is away, with nobody standing in.
async fn fall_ill(town: &Town) {
    use ticket::Column;
    let in_hand =
        ticket::Entity::find().filter(Column::Status.is_in([TicketStatus::Assigned, TicketStatus::InProgress]));
    let in_hand = in_hand.order_by_asc(Column::Id).all(town.server(1).db.reader()).await.unwrap();
    let busy = in_hand.into_iter().find_map(|ticket| ticket.assignee_id);
    absent(town, busy.or(town.technicians[2].staff_id()).unwrap(), None).await;
}

async fn absent(town: &Town, staff_id: Uuid, substitute_id: Option<Uuid>) {
    let services = town.server(1);
    let absence = NewAbsence {
        staff_id,
        starts_at: services.now() + TimeDelta::hours(2),
        ends_at: services.now() + TimeDelta::days(5),
        reason: "病假".into(),
        substitute_id,
    };
    company::record_absence(services, &town.manager, absence).await.unwrap();
}
