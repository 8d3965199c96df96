-- How much of each blended estimate is the survey's own word, and how much comes from signals and other waves?
select dimension, origin, count(*) as months, avg(survey_weight) as weight_of_survey, avg(high - low) as width_of_interval
from blend
where status = 'ok'
group by all
order by dimension, origin;
