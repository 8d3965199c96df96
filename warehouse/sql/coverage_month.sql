-- what: how much of the roster consents in each month, on the side where it is less
-- grain: alliance, month
-- privacy: private until gated (rounded)
with month as (
    select distinct alliance, month from message
),

known as (
    select distinct month.alliance, month.month, identity.side, identity.person
    from month
    join identity
        on identity.alliance = month.alliance
        and identity.valid_from < month.month + interval 1 month
        and identity.valid_until > month.month
),

consenting as (
    select distinct month.alliance, month.month, consent.person
    from month
    join consent
        on consent.alliance = month.alliance
        and consent.valid_from < month.month + interval 1 month
        and consent.valid_until > month.month
),

sided as (
    select known.alliance, known.month, known.side, count(consenting.person) / count(*) as coverage
    from known
    left join consenting using (alliance, month, person)
    group by all
)

select alliance, month, round(min(coverage) / 0.05) * 0.05 as coverage
from sided
group by all
