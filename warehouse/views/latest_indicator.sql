-- what: the latest value of each indicator that may be shown, whatever came after it
-- grain: alliance, indicator, direction
-- privacy: published
select
    alliance, indicator, direction, period, grain, unit, value, low, high, people_a, people_b, messages, coverage
from indicator
where status in ('ok', 'stale')
qualify row_number() over (partition by alliance, indicator, direction order by period desc, grain) = 1
