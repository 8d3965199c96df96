-- what: indicators that are counts, means over people and shares of threads; the error is that of a mean over `groups`
-- grain: alliance, month, direction, indicator
-- privacy: private until gated
with person as (
    select alliance, month, direction, indicator, avg(value) as value,
        stddev_samp(value) / sqrt(count(*)) as error, count(*) as groups, sum(n) as data
    from person_measure
    group by all
),

thread_month as (
    select alliance, month, thread_key, count(*) as turns, max(says_orientation) as level
    from crossing
    group by all
),

length as (
    select alliance, month, 'both' as direction, 'depth_thread_length' as indicator, avg(turns) as value,
        stddev_samp(turns) / sqrt(count(*)) as error, count(*) as groups, sum(turns) as data
    from thread_month
    group by all
),

escalation as (
    select alliance, month, 'both' as direction, 'escalation' as indicator, avg(cast(level = 2 as integer)) as value,
        stddev_samp(cast(level = 2 as integer)) / sqrt(count(*)) as error, count(*) as groups, count(*) as data
    from thread_month
    group by all
),

repair as (
    select alliance, month, 'both' as direction, 'repair' as indicator, avg(cast(repaired as integer)) as value,
        stddev_samp(cast(repaired as integer)) / sqrt(count(*)) as error, count(*) as groups, count(*) as data
    from thread
    where month is not null
    group by all
),

pair_week as (
    select alliance, month, count(distinct (week, least(person, addressee), greatest(person, addressee))) as pair_weeks
    from turn
    group by all
),

deliverer as (
    select alliance, month, direction, person, count(unsolicited.message_key) as deliveries
    from crossing
    left join unsolicited using (alliance, month, direction, person, message_key)
    group by all
),

directed_unsolicited as (
    select alliance, month, direction, sum(deliveries) / any_value(pair_weeks) as value,
        sqrt(count(*)) * stddev_samp(deliveries) / any_value(pair_weeks) as error,
        count(*) as groups, sum(deliveries) as data
    from deliverer
    join pair_week using (alliance, month)
    group by all
),

unsolicited_both as (
    select alliance, month, 'both' as direction, min(value) as value, arg_min(error, (value, direction)) as error,
        arg_min(groups, (value, direction)) as groups, sum(data) as data
    from directed_unsolicited
    group by all
    having count(*) = 2
),

final as (
    select * from person
    union all by name select * from length
    union all by name select * from escalation
    union all by name select * from repair
    union all by name select *, 'unsolicited' as indicator from directed_unsolicited
    union all by name select *, 'unsolicited' as indicator from unsolicited_both
)

select alliance, month, direction, indicator, cast(value as double) as value, cast(error as double) as error,
    cast(groups as bigint) as groups, cast(data as bigint) as data
from final
