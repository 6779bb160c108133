"""`simba up`: the whole of SiMBA on one machine, from the engines to the edge."""
