"""How somebody prefers to be told, kind by kind."""

from django import forms

from portal.enums import AT_ONCE_TOPICS, CHOSEN_TOPICS, NewsWay, Topic


class PreferencesForm(forms.Form):
    """One list per kind of news; « tout de suite » where it is allowed."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for topic in CHOSEN_TOPICS:
            ways = [way for way in NewsWay if way != NewsWay.AT_ONCE or topic in AT_ONCE_TOPICS]
            self.fields[topic] = forms.ChoiceField(
                label=Topic(topic).label, choices=[(way.value, way.label) for way in ways]
            )
