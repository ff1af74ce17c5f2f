-- Law: a batch is recorded once; a second insert of the same number fails.
INSERT INTO report_batch (agent, sequence, refused) VALUES (@agent, @sequence, @refused);
