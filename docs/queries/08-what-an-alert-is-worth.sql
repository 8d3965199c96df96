-- Which rules fire now, how often would each fire in a stable alliance, and would it notice a real drop?
select alliance, rule, dimension, fired, default_alert, threshold, false_alarm_rate, power, question
from alert
where fired or default_alert
order by fired desc, false_alarm_rate, alliance, rule, dimension;
