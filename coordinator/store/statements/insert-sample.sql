-- One request's raw record, with the token of the lease it was made under.
INSERT INTO sample (
  trial_id, lease_id, repetition, request, warm_up, scheduled_at, sent_at, first_event_at, ended_at,
  chunk_at, chunk_tokens, input_tokens_asked, output_tokens_asked, input_tokens, output_tokens,
  cached_tokens, outcome, error
) VALUES (
  @trial, @lease, @repetition, @request, @warm_up, @scheduled_at, @sent_at, @first_event_at, @ended_at,
  @chunk_at, @chunk_tokens, @input_tokens_asked, @output_tokens_asked, @input_tokens, @output_tokens,
  @cached_tokens, @outcome, @error
);
