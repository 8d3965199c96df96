-- what: every alliance on one line: latest velocity, latest blended trust, value and learning, and open default alerts
-- grain: alliance
-- privacy: published
with pace as (
    select *
    from velocity
    where status in ('ok', 'stale')
    qualify row_number() over (partition by alliance order by period desc) = 1
),

said as (
    select *
    from blend
    where status in ('ok', 'stale')
    qualify row_number() over (partition by alliance, dimension order by period desc) = 1
),

scores as (
    select
        alliance,
        max(value) filter (where dimension = 'trust') as trust,
        max(value) filter (where dimension = 'value') as value,
        max(value) filter (where dimension = 'learning') as learning
    from said
    group by alliance
)

select
    alliance.alliance, alliance.name, alliance.stage, pace.period, pace.rvi, pace.low, pace.high, pace.state,
    pace.coordination_trap, scores.trust, scores.value, scores.learning,
    (select count(*) from alert where alert.alliance = alliance.alliance and fired and default_alert) as alerts
from alliance
left join pace using (alliance)
left join scores using (alliance)
