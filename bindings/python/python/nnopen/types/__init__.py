"""Types of params and results: a module for each group of methods, the sets of codes in `codes`.

    from nnopen.types.invoicing import RequestBillingNewParams

`XParams` is what method X takes, `XResult` what it gives. In params, members that the platform needs are required; in
results, only those that are always there.
"""
