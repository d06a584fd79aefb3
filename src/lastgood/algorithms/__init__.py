"""The maths: arrays in, values out. No input or output, no clock, no settings."""
