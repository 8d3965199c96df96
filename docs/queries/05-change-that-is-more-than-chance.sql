-- In which months did the wording change beyond what chance and the model's own errors explain?
select
    alliance, period, direction, value, low, high,
    case when high < 0 then 'more negative than usual' else 'more positive than usual' end as reading
from indicator
where indicator = 'tone_change' and status = 'ok' and (high < 0 or low > 0)
order by alliance, period, direction;
