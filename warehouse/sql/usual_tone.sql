-- what: tone over the baseline's weeks, and its standard error from people sampled; filled when computed or remembered
-- grain: alliance, direction
-- privacy: private until gated
select null::varchar as alliance, null::varchar as direction, null::double as value, null::double as error where false
