-- Where less is written, is it because the partners part, or because fewer messages say more?
-- Months below the agreed or usual frequency, beside the substance of what was still written.
with usual as (
    select alliance, median(depth_substantive) as usual_substance
    from indicator_month
    group by alliance
)

select alliance, period, exp(frequency_change) - 1 as change_of_frequency, depth_substantive, usual_substance, tone_change
from indicator_month
join usual using (alliance)
where frequency_change < -0.1
order by alliance, period;
