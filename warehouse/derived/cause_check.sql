-- what: the guided check of the four causes for an alliance whose return is insufficient, and what it came to so far
-- grain: alliance, cause
-- privacy: published; made from the register of causes and shown survey means
with insufficient as (
    select alliance, string_agg(reason, ', ' order by reason) as reasons, min(since) as since
    from insufficient_return
    group by all
),

newest as (
    select alliance, cause, arg_max(finding, on_date) as finding, max(on_date) as on_date
    from cause_record
    group by all
),

said as (
    select alliance, dimension, arg_max(value, period) as value
    from blend
    where status = 'ok'
    group by all
),

final as (
    select insufficient.*, cause_guide.*, finding, on_date, said.value as look_at_value
    from insufficient
    cross join cause_guide
    left join newest using (alliance, cause)
    left join said on said.alliance = insufficient.alliance and said.dimension = cause_guide.look_at
)

select
    alliance, place, cause, asks, look_at, round(look_at_value, 2) as look_at_value, step, reasons,
    coalesce(finding, 'open') as finding, on_date
from final
