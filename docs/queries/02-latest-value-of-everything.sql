-- What is the latest value of every indicator that may be shown, and from how many people?
select latest.alliance, latest.indicator, direction, period, grain, value, low, high, latest.unit, people_a, people_b, meaning
from latest_indicator as latest
join definition using (indicator)
order by latest.alliance, latest.indicator, direction;
