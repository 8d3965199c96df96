-- what: the months of each alliance: one column an indicator, both directions together; null where withheld
-- grain: alliance, period
-- privacy: published
select
    alliance,
    period,
    max(messages) filter (where indicator = 'frequency') as messages,
    max(value) filter (where indicator = 'frequency_change') as frequency_change,
    max(value) filter (where indicator = 'depth_substantive') as depth_substantive,
    max(value) filter (where indicator = 'transparency') as transparency,
    max(value) filter (where indicator = 'tone_change') as tone_change,
    max(value) filter (where indicator = 'repair') as repair,
    max(value) filter (where indicator = 'unsolicited') as unsolicited,
    max(value) filter (where indicator = 'ties') as ties,
    max(value) filter (where indicator = 'coinvest') as coinvest,
    max(value) filter (where indicator = 'escalation') as escalation,
    max(value) filter (where indicator = 'depth_index') as depth_index
from indicator
where grain = 'month' and direction = 'both'
group by alliance, period
