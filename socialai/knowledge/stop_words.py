"""English words that ask or join and say nothing of what is asked for."""

STOP_WORDS = frozenset(
    """
    a about all also am an and any are as at be because been being but by can could did do does doing
    don for from get got had has have having hello hey hi how i if im in into is isn it its just ll like
    me my need of on or our ours out please re s should so some t tell than thank thanks that the their
    theirs them then there these they this those to too us ve want was we were what when where which
    while who whom whose why will with would yes you your yours
    u ur r pls plz lol thx im ive id whats hows wheres whos whens dont doesnt didnt isnt arent gonna wanna
    hiya theres thats youre cuz cos btw atm tho ok okay
    """.split()
)
