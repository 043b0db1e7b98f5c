"""A small witness for the inspectors' own machine (C2SP tlog-witness). It needs nothing of the service's own."""
