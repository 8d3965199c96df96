-- what: the weeks that an alliance is compared with: the agreed period, else the first 12 eligible weeks, all of them
-- grain: alliance, week
-- privacy: private (weekly, never published)
with eligible as (
    select
        *,
        row_number() over (partition by alliance order by week) as place,
        count(*) over (partition by alliance) as weeks
    from window_week
    where eligible
)

select eligible.alliance, eligible.week
from eligible
join agreed using (alliance)
where case
    when agreed.baseline_from is null then weeks >= 12 and place <= 12
    else eligible.week >= agreed.baseline_from and eligible.week < agreed.baseline_until
end
