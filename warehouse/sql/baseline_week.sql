-- what: the weeks that an alliance is compared with: the period that was agreed, else the first 12 eligible weeks
-- grain: alliance, week
-- privacy: private (weekly, never published)
with eligible as (
    select *, row_number() over (partition by alliance order by week) as place
    from window_week
    where eligible
)

select eligible.alliance, eligible.week
from eligible
join agreed using (alliance)
where case
    when agreed.baseline_from is null then place <= 12
    else eligible.week >= agreed.baseline_from and eligible.week < agreed.baseline_until
end
