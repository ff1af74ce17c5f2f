-- Many requests' raw records, with the token of the lease they were made under.
INSERT INTO sample_run (
  trial_id, lease_id, samples, repetition, request, input_tokens_asked, output_tokens_asked,
  scheduled_at, sent_at, first_event_at, ended_at, input_tokens, output_tokens, cached_tokens,
  warm_up, outcome, errors, chunks, chunk_at, chunk_tokens
) VALUES (
  @trial, @lease, @samples, @repetition, @request, @input_tokens_asked, @output_tokens_asked,
  @scheduled_at, @sent_at, @first_event_at, @ended_at, @input_tokens, @output_tokens, @cached_tokens,
  @warm_up, @outcome, @errors, @chunks, @chunk_at, @chunk_tokens
);
