"""The work: configuration, scheduler, store, statistics, tracking, report, command line."""
