-- what: how both partners answer each reciprocity item, and whether it is equally important to both
-- grain: alliance, item
-- privacy: published; one answer a partner, written into its register by the partner itself
with newest as (
    select alliance, item, side, arg_max(value, on_date) as value, max(on_date) as on_date
    from scorecard
    where perspective = 'reciprocity'
    group by all
),

final as (
    select
        alliance, item, max(on_date) as on_date,
        max(value) filter (where side = 'a') as value_a,
        max(value) filter (where side = 'b') as value_b
    from newest
    group by all
)

select
    alliance, item, on_date, value_a, value_b, round(value_a - value_b, 2) as difference,
    abs(value_a - value_b) < (select value from setting where name = 'parted') as equally
from final
