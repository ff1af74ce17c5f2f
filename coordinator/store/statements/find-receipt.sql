-- The receipt of a batch, if it was recorded.
SELECT refused FROM report_batch WHERE agent = @agent AND sequence = @sequence;
