-- The highest batch number of an agent that is recorded.
SELECT sequence FROM acknowledged WHERE agent = @agent;
