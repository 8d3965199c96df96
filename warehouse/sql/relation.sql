-- what: the relationship map in aggregates: ties, reciprocity, layers that meet, and how few carry the traffic
-- grain: alliance, month, direction, indicator
-- privacy: private until gated
with month as (
    select alliance, month, count(distinct person) filter (where side = 'a') as people_a,
        count(distinct person) filter (where side = 'b') as people_b, count(*) as messages
    from crossing
    group by all
),

dyad as (
    select alliance, month,
        case side when 'a' then person else addressee end as one,
        case side when 'a' then addressee else person end as other,
        any_value(case side when 'a' then layer else addressee_layer end) as layer_a,
        any_value(case side when 'a' then addressee_layer else layer end) as layer_b,
        count(*) as exchanges, count(distinct side) = 2 as both_ways, max(says_social) = 1 as social
    from turn
    group by all
),

tied as (
    select alliance, month, count(*) as ties
    from dyad
    where exchanges >= 2 and both_ways and (social or (layer_a <> '' and layer_b <> '' and layer_a <> layer_b))
    group by all
),

met as (
    select alliance, month, count(*) as cells, count(*) filter (where layer_a = layer_b) as same
    from (
        select alliance, month, layer_a, layer_b
        from dyad
        where both_ways and layer_a <> '' and layer_b <> ''
        group by all
        having count(*) >= 2
    )
    group by all
),

begun as (
    select alliance, begun_in as month, count(*) filter (where begun_by = 'a') as n_a, count(*) as n
    from thread
    group by all
),

delivered as (
    select alliance, month, count(*) filter (where side = 'a') as n_a, count(*) as n from unsolicited group by all
),

carried as (
    select
        alliance, period as month, direction,
        n / sum(n) over whole as share,
        sum(n) over whole as messages,
        sum(n) over largest_first as so_far,
        row_number() over largest_first as place
    from contribution
    where kind = 'message' and grain = 'month' and n > 0
    window whole as (partition by alliance, period, direction),
        largest_first as (partition by alliance, period, direction order by n desc, person rows unbounded preceding)
),

concentrated as (
    select alliance, month, direction,
        case when count(*) > 1 then (sum(share * share) - 1 / count(*)) / (1 - 1 / count(*)) end as hhi,
        min(place) filter (where 2 * so_far >= messages) as half, any_value(messages) as messages
    from carried
    group by all
),

final as (
    select alliance, month, 'both' as direction, 'ties' as indicator,
        coalesce(ties, 0) / nullif(people_a * people_b, 0) as value, messages as data
    from month left join tied using (alliance, month)
    union all by name
    select alliance, month, 'both' as direction, 'layer_coverage' as indicator, coalesce(cells, 0) / 9 as value,
        messages as data
    from month left join met using (alliance, month)
    union all by name
    select alliance, month, 'both' as direction, 'layer_coverage_diagonal' as indicator,
        coalesce(same, 0) / 3 as value, messages as data
    from month left join met using (alliance, month)
    union all by name
    select alliance, month, 'both' as direction, 'reciprocity_initiations' as indicator,
        1 - abs(2 * n_a - n) / n as value, n as data
    from begun
    union all by name
    select alliance, month, 'both' as direction, 'reciprocity_deliveries' as indicator,
        1 - abs(2 * n_a - n) / n as value, n as data
    from delivered
    union all by name
    select alliance, month, direction, 'concentration' as indicator, hhi as value, messages as data
    from concentrated
    union all by name
    select alliance, month, direction, 'half_carried_by' as indicator, half as value, messages as data
    from concentrated
)

select alliance, month, direction, indicator, cast(value as double) as value, null::double as error,
    null::bigint as groups, cast(data as bigint) as data
from final
