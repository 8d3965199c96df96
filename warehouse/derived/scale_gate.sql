-- what: the stated rule by which an alliance is at scale, criterion by criterion
-- grain: alliance, criterion
-- privacy: published; made from coverage, shown counts of messages and the settings
with last_month as (
    select alliance, max(period) as period
    from indicator, run
    where
        indicator = 'frequency' and direction = 'both' and grain = 'month'
        and period < date_trunc('month', night_at at time zone 'UTC')
    group by all
),

written as (
    select alliance, indicator.messages, indicator.status
    from indicator join last_month using (alliance, period)
    where indicator = 'frequency' and direction = 'both' and grain = 'month'
),

declared as (
    select
        alliance, 1 as place, 'declared' as criterion, 1.0 as needs, (stage = 'scale')::double as found,
        stage = 'scale' as met, true as binding
    from alliance
),

people as (
    select
        alliance.alliance, if(side.side = 'a', 2, 3) as place, 'people_' || side.side as criterion,
        run.min_people::double as needs, coverage.consented::double as found,
        coalesce(coverage.status in ('ok', 'stale'), false) as met, true as binding
    from alliance
    cross join run
    cross join (values ('a'), ('b')) as side (side)
    left join coverage on coverage.alliance = alliance.alliance and coverage.side = side.side
),

messages as (
    select
        alliance, 4 as place, 'messages' as criterion, setting.value as needs, messages::double as found,
        if(written.status = 'no_data', false, messages >= setting.value) as met, true as binding
    from alliance left join written using (alliance) join setting on setting.name = 'messages_a_month'
),

growth as (
    select
        alliance, 5 as place, 'growth_share' as criterion, setting.value as needs, growth_share as found,
        growth_share >= setting.value as met, false as binding
    from alliance join setting on setting.name = 'growth_share'
),

final as (
    from declared union all by name from people union all by name from messages union all by name from growth
)

select alliance, place, criterion, needs, found, met, binding
from final
