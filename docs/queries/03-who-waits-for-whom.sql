-- Does one side wait longer than the other?
-- The chance of an answer within a working day in each direction, by quarter; months with enough requests are averaged.
select
    alliance,
    date_trunc('quarter', period) as quarter,
    avg(value) filter (where direction = 'a_to_b') as a_is_answered,
    avg(value) filter (where direction = 'b_to_a') as b_is_answered
from indicator
where indicator = 'answer_within_day' and status = 'ok'
group by all
having a_is_answered is not null or b_is_answered is not null
order by alliance, quarter;
