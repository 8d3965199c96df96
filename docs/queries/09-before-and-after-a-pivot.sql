-- Did depth move after a logged pivot? Three months before it, and three months after.
select
    log.alliance, log.on_date, log.kind,
    avg(pace.depth) filter (where pace.period < date_trunc('month', log.on_date)) as depth_before,
    avg(pace.depth) filter (where pace.period >= date_trunc('month', log.on_date)) as depth_after,
    count(pace.depth) as months
from log
left join velocity as pace
    on pace.alliance = log.alliance
    and pace.period >= date_trunc('month', log.on_date) - interval 3 months
    and pace.period < date_trunc('month', log.on_date) + interval 3 months
where log.register = 'pivots'
group by all
order by log.alliance, log.on_date;
