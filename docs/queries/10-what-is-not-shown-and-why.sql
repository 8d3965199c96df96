-- How much of what could be shown is shown, and why is the rest withheld?
select
    alliance, indicator,
    count(*) filter (where status = 'ok') as shown,
    count(*) filter (where status = 'low_n') as too_little_data,
    count(*) filter (where status = 'suppressed') as withheld,
    count(*) filter (where status = 'no_data') as nothing_there
from indicator
where grain = 'month'
group by all
order by alliance, indicator;
