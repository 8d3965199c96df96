from datetime import UTC, datetime

from connectors import ConsentRegister

RUN_AT = datetime(2026, 3, 10, 2, tzinfo=UTC)


def test_the_chain_of_the_register_is_unbroken(written):
    events = ConsentRegister.load(written / "consent.csv").events()
    assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)


def test_consent_stands_in_every_way_it_can(world):
    assert {event.event for event in world.register.events()} == {"given", "renewed", "refused", "withdrawn", "expired"}
    patterns = {person.consent for crowd in world.people.values() for person in crowd}
    assert patterns == {"both", "wide", "chat", "refused", "withdrawn", "expired", "lapsed", "missing"}


def test_what_each_person_agreed_to_is_what_may_be_read(world):
    for alliance, crowd in world.people.items():
        for person in crowd:
            for medium in ("mail", "chat"):
                for month in world.months:
                    sent = datetime(month.year, month.month, 20, tzinfo=UTC)
                    allowed = world.register.allows(
                        person.key, alliance=alliance, medium=medium, sent_at=sent, run_at=RUN_AT
                    )
                    assert allowed == person.consents_to(medium)


def test_nobody_consents_for_longer_than_a_year_at_once(world):
    spans = [event.valid_until - event.valid_from for event in world.register.events() if event.valid_until]
    assert max(spans).days <= 366


def test_the_people_of_the_survey_only_alliance_consent_so_that_only_its_stage_keeps_it_closed(world):
    assert all(person.consents for person in world.people["harbour-storage"])
