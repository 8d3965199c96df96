-- what: since when a side's next survey is due, and the yearly recalibration of an alliance
-- grain: alliance, what is due, side (both for a recalibration)
-- privacy: published; made from shown survey means, fired alerts, the log and the settings
with tonight as (
    select cast(night_at at time zone 'UTC' as date) as today from run
),

wave as (
    select alliance, side, min(period) as first_on, max(period) as last_on
    from survey
    where status in ('ok', 'stale')
    group by all
),

first_wave as (
    select alliance, min(first_on) as first_on from wave group by all
),

recent_pivot as (
    select distinct alliance
    from log, tonight
    where
        register = 'pivots'
        and on_date > today - to_months((select value from setting where name = 'change_months')::integer)
),

open_alert as (
    select distinct alliance from alert where fired and default_alert
),

in_change as (
    select
        alliance.alliance,
        case
            when alliance in (from recent_pivot) then 'pivot'
            when alliance in (from open_alert) then 'alert'
            when
                cadence = 'usual' and coalesce(first_wave.first_on, today)
                > today - to_months((select value from setting where name = 'first_months')::integer)
                then 'beginning'
            else 'agreed'
        end as because
    from alliance cross join tonight left join first_wave using (alliance)
),

rhythm as (
    select
        alliance.*, because, first_wave.first_on,
        if(because in ('pivot', 'alert', 'beginning') or cadence = 'monthly', 1, 3) as months
    from alliance join in_change using (alliance) left join first_wave using (alliance)
),

survey_due as (
    select
        alliance, 'survey' as what, side.side, wave.last_on, if(months = 1, 'monthly', 'quarterly') as rhythm, because,
        date_trunc('month', coalesce(wave.last_on + to_months(months), started))::date as due_on
    from rhythm
    cross join (values ('a'), ('b')) as side (side)
    left join wave using (alliance, side)
),

recalibrated as (
    select alliance, max(on_date) as last_on
    from log
    where register = 'milestones' and kind = 'recalibration'
    group by all
),

recalibration_due as (
    select
        alliance, 'recalibration' as what, 'both' as side,
        greatest(baseline_until, recalibrated.last_on) as last_on, 'yearly' as rhythm, 'agreed' as because,
        (
            coalesce(greatest(baseline_until, recalibrated.last_on), first_on, started)
            + to_months((select value from setting where name = 'recalibration_months')::integer)
        )::date as due_on
    from rhythm left join recalibrated using (alliance)
),

final as (
    from survey_due union all by name from recalibration_due
)

select
    alliance, what, side, last_on, rhythm, because, due_on,
    case
        when today < due_on then 'not_yet'
        when today < due_on + interval 1 month then 'due'
        else 'overdue'
    end as state
from final, tonight
