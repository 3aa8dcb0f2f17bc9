"""Addresses of shared programmes and of money."""

from django.urls import path

from programmes.views import expenses, partners

urlpatterns = [
    path("pilotage/<slug:slug>/partenaires/", partners.partners, name="partners"),
    path("pilotage/<slug:slug>/partenaires/<slug:employer>/fin/", partners.end, name="end_partner"),
    path("pilotage/<slug:slug>/depenses/", expenses.expenses, name="expenses"),
    path("pilotage/<slug:slug>/depenses/<uuid:ref>/", expenses.expense, name="expense"),
    path("rh/<slug:slug>/depenses/", expenses.hr_expenses, name="hr_expenses"),
    path("rh/<slug:slug>/depenses/<uuid:ref>/", expenses.hr_expense, name="hr_expense"),
]
