-- Receipts far below the acknowledged number go: a lower number is known to be recorded without them.
DELETE FROM report_batch WHERE agent = @agent AND sequence <= (
  SELECT sequence - 64 FROM acknowledged WHERE agent = @agent
);
