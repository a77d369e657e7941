-- Nobody asks for the attempts of one webhook: what asks names an event or an instant, and every delivery paid for the index.
drop index webhook_attempt_webhook;
