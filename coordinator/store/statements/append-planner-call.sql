-- Law: a number is used once; replayed in order of number, the calls give the same strategy state.
INSERT INTO planner_log (sweep_id, number, call) VALUES (@sweep, @number, @call);
