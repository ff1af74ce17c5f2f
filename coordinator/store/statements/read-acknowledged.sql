-- The last batch of an agent that is recorded with all before it.
SELECT sequence FROM acknowledged WHERE agent = @agent;
