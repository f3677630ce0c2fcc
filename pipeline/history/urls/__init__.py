"""At which URLs documents were published, from when until when, and what each URL is today (pure).

configurations  which configuration stood at which commit
addresses       at which URL each state stood on the branch
"""
